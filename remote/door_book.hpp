#pragma once

#include "remote/refusal.hpp"
#include "remote/refusal_log.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace vigie {

/// What the door did since it was opened.
struct door_stats {
  uint64_t accepted = 0;  ///< Connections.
  uint64_t throttled = 0; ///< Of them, had to wait for their handshake.
  uint64_t joined = 0;    ///< Of them, got in.
  uint64_t joined_now = 0;
  uint64_t bytes_in = 0, bytes_out = 0;          ///< Of peers, plaintext.
  std::array<uint64_t, refusal_kinds> refused{}; ///< By `refusal`.
};

/// Keeps count and writes the log. Thread-safe. `log` is called from many
/// threads, one at a time; what it throws is dropped.
class door_book {
public:
  using log_function = std::function<void(const std::string&)>;

  explicit door_book(log_function log) : log_(std::move(log)) {}

  void say(const std::string& line);
  void refused(const std::string& address, refusal why,
               const std::string& detail = {});
  /// A joined peer is gone; `why` is nothing when it went by itself.
  void cut_off(std::optional<refusal> why, const std::string& line);
  /// Writes the lines that are due.
  void tick();
  door_stats stats() const;

  std::atomic<uint64_t> accepted{0}, throttled{0}, joined{0}, joined_now{0},
      bytes_in{0}, bytes_out{0};

private:
  void write(const std::string& line);

  log_function log_;
  mutable std::mutex guard_;
  refusal_log lines_;
  std::array<uint64_t, refusal_kinds> refused_{};
};

} // namespace vigie
