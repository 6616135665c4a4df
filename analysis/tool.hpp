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

/// Runs a program of /usr/bin or /bin, in a sandbox one of tool_names, without
/// a shell and with an environment of its own. Its own alarm ends it when it
/// takes too long, the closed pipe when it says more than `most` bytes: a
/// sandbox can signal nobody. Standard error is dropped.
tool_result run_tool(std::vector<std::string> command,
                     std::chrono::seconds patience, std::size_t most);

} // namespace vigie
