#pragma once

#include <sys/types.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

/// A program of ours that another one starts.
struct child_wish {
  std::vector<std::string> words; ///< The program, by its path; its arguments.
  /// All that it gets: `NAME=value`.
  std::vector<std::string> environment;
  /// Descriptors of ours, and their numbers there (below 10). With any of them
  /// it reads nothing from standard input.
  std::vector<std::pair<int, int>> pipes;
  bool own_group = false; ///< So that what it starts can be ended with it.
};

/// No signal is blocked in it. -1: it could not be started.
pid_t start_child(const child_wish& wish);

/// Of our own environment, those that are set.
std::vector<std::string>
environment_of(std::initializer_list<const char*> names);

} // namespace vigie
