#pragma once

#include "domain/outcome.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace vigie {

struct sandbox_limits {
  uint64_t memory_bytes = 0;      ///< RLIMIT_AS; 0: 1 TiB, see sandbox.cpp.
  uint64_t file_bytes = 1u << 30; ///< RLIMIT_FSIZE of one file written.
  unsigned open_files = 64;       ///< RLIMIT_NOFILE; at most tool_base.
  std::vector<int> keep;          ///< Descriptors beside 0, 1 and 2.
  /// What may be read besides fonts, OCR data and the like, and what may be
  /// written too: by Landlock, where the kernel has it. Both empty: no limit.
  std::vector<std::filesystem::path> readable, writable;
};

/// What the kernel could not give although the sandbox holds.
struct sandbox_report {
  int landlock_abi = 0; ///< 0: files are limited by their owner and mode only.
};

/// Takes from this process what a parser does not need: capabilities, signals
/// to others, sockets, programs but the few tools, files beyond `limits`, and
/// nearly every system call. Irrevocable, and inherited by all it starts.
///
/// REQUIRES: one thread (another would keep its capabilities: refused), every
/// library loaded, `keep` below `open_files` (they become close-on-exec).
/// All other descriptors are closed; SIGXFSZ and SIGPIPE are ignored.
/// Problem: names what could not be set; the process must then end, it is
/// neither free nor confined.
outcome<sandbox_report> enter_sandbox(const sandbox_limits& limits);

} // namespace vigie
