#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace vigie {

/// Why one file cannot be analysed. Stays inside this room: file_analyzer
/// turns it into the outcome of the file.
class analysis_failure : public std::runtime_error {
public:
  analysis_failure(std::string id, const std::string& french)
      : std::runtime_error(french), id_(std::move(id)) {
    // nop
  }
  const std::string& id() const { return id_; }

private:
  std::string id_; ///< Stable: `image-undecodable`, `pdf-damaged`, …
};

} // namespace vigie
