#pragma once

#include "logs/logger.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace vigie {

/// Flags of vigie-worker (see `vigie-worker --help`).
struct worker_options {
  std::string host;
  uint16_t port = 0;
  std::filesystem::path bundle; ///< From `vigied cert`.
  unsigned slots = 0;           ///< Default: one per core.
  std::filesystem::path cache;  ///< Default: below `temp`.
  uint64_t cache_bytes = uint64_t{4} << 30;
  uint64_t largest_file = uint64_t{4} << 30; ///< That is fetched.
  std::filesystem::path temp;                ///< Scratch of the slots.
  std::filesystem::path vision_model;
  std::chrono::seconds drain{20};
  log_options log{"vigie-worker"};
  // By vigied, for the slots beside it.
  std::filesystem::path storage; ///< The server's own disk: no cache, then.
  pid_t parent = 0;              ///< Die with this process; 0: do not.

  /// What is wrong is said on standard error; then nothing.
  static std::optional<worker_options> parse(int argc, char** argv);
};

extern const char* const worker_usage;

/// Exit code of the server's own node (`parent`) that a signal ended, and not
/// the server's word: EX_TEMPFAIL of sysexits.h.
inline constexpr int node_comes_back = 75;

} // namespace vigie
