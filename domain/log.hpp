#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

enum class log_level : uint8_t { debug, info, warning, error };

/// A line for the operator: a sentence, and what a program may want to look
/// for. Neither holds document text, names of files, keys or positions.
struct log_entry {
  using field_list = std::vector<std::pair<std::string, std::string>>;

  log_entry(std::string t, field_list f = {}, log_level l = log_level::info)
      : text(std::move(t)), fields(std::move(f)), level(l) {}
  log_entry(const char* t) : text(t) {}
  /// For whoever only shows sentences.
  operator const std::string&() const { return text; }

  std::string text;
  field_list fields; ///< request_id, batch, file, stage, node, …
  log_level level = log_level::info;
};

/// Called from any thread; must not block for long.
using log_line = std::function<void(const log_entry&)>;

} // namespace vigie
