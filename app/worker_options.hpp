#pragma once

#include "analysis/analyzer.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace vigie {

/// Flags of vigie-worker (see `vigie-worker --help`).
struct worker_options {
  std::string host = "127.0.0.1";
  uint16_t port = 4711;
  std::string certificate, key, ca; ///< PEM files; always needed.
  pid_t parent = 0;                 ///< Die with this process; 0: do not.
  std::string name = "slot";
  std::chrono::seconds job_timeout{300};
  uint64_t memory_bytes = 0; ///< RLIMIT_AS; 0: no limit.
  analyzer_options analyzer;

  /// Says on standard error what is wrong; then nothing.
  static std::optional<worker_options> parse(int argc, char** argv);
};

} // namespace vigie
