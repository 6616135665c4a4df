#pragma once

#include "logs/render.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace vigie {

struct log_options {
  std::string program;
  log_format format = log_format::text;
  log_level level = log_level::info; ///< Lines below are not written.
};

std::optional<log_format> parse_log_format(std::string_view text);
std::optional<log_level> parse_log_level(std::string_view text);

/// Standard error, line by line. Thread-safe. Threads that it makes inherit the
/// signal mask of whoever makes it.
class logger {
public:
  explicit logger(log_options options);
  ~logger(); ///< What was noted is written.
  logger(const logger&) = delete;
  logger& operator=(const logger&) = delete;

  /// Written when it returns.
  void say(const log_entry& entry);
  /// Written soon. When whoever reads standard error is slower than that, the
  /// oldest lines are dropped and counted: no request waits for a log.
  void note(const log_entry& entry);
  uint64_t dropped() const;
  /// What was noted is written when it returns; what is noted later is lost.
  /// Once, after the last note() and dropped().
  void end();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace vigie
