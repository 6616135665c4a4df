#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace vigie {

/// The programs a slot may start; a sandbox knows no others.
inline constexpr std::array tool_names{"pdfinfo", "pdftoppm", "pdftotext",
                                       "antiword", "catdoc"};

/// Descriptors of the pinned tools: tool_base + place in tool_names. Above
/// every RLIMIT_NOFILE of a sandbox, so that no other file can ever get one of
/// these numbers.
inline constexpr int tool_base = 1000;

/// Opens a program of /usr/bin or /bin (never of PATH) to be started by
/// execveat; close-on-exec. -1 when there is none.
int open_program(const std::string& name);

/// Opens the tools that there are at their fixed descriptors. From then on
/// nothing else is started: see program. errno says why it is false.
/// Not thread-safe.
bool pin_tools();

/// A program to start, closed again unless it is pinned.
class program {
public:
  explicit program(const std::string& name);
  ~program();
  program(const program&) = delete;
  program& operator=(const program&) = delete;
  int fd() const { return fd_; } ///< -1: there is none, or it is not allowed.

private:
  int fd_ = -1;
  bool ours_ = false;
};

/// Where the empty path for execveat stands. In a sandbox a page that no one
/// can write to or replace: the filter compares this address, because an
/// absolute path there would start any program, whatever the descriptor.
inline constexpr uintptr_t empty_path_page = 0x10000;
const char* empty_path();

/// Maps that page. errno says why it is false. Not thread-safe.
bool pin_empty_path();

} // namespace vigie
