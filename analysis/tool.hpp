#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace vigie {

struct tool_result {
  int status = -1; ///< Exit status; -1: killed or never ran.
  bool late = false;
  std::string out; ///< Standard output, cut at the limit.
};

/// Runs a program found in PATH, without a shell; kills it when it takes too
/// long or says more than `most` bytes. Standard error is dropped.
tool_result run_tool(std::vector<std::string> command,
                     std::chrono::seconds patience, std::size_t most);

} // namespace vigie
