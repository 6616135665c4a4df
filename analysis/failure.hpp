#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace vigie {

/// Why one file cannot be analysed. Stays inside this room: file_analyzer
/// turns it into the outcome of the file. Words: domain/file_faults.hpp.
class analysis_failure : public std::runtime_error {
public:
  explicit analysis_failure(std::string id)
      : std::runtime_error(id), id_(std::move(id)) {
    // nop
  }
  const std::string& id() const { return id_; }

private:
  std::string id_; ///< Stable: `image-undecodable`, `pdf-damaged`, …
};

} // namespace vigie
