#pragma once

#include "domain/model_call.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace vigie {

/// A point on the steady clock.
using instant = std::chrono::time_point<std::chrono::steady_clock, seconds_f>;

/// How the other side counts its minute (GEMINI.md 3.5, "Window kind").
enum class window_kind : uint8_t { sliding, fixed, bucket };

struct quota_limits {
  std::optional<double> rpm; ///< Requests per minute.
  std::optional<double> tpm; ///< Input tokens per minute.
};

/// What was sent in the last minute, and when the next request fits.
/// Not thread-safe; pure: `now` is always an argument.
class send_ledger {
public:
  /// A minute, and a little for the way there.
  static constexpr seconds_f window{60.25};

  struct entry {
    uint64_t id = 0;
    instant at{};
    double tokens = 0;
    bool refused = false; ///< Answered 429: counts here, perhaps not there.
  };

  void debit(uint64_t id, instant at, double tokens);
  /// Takes back the debit of `id` (5xx: the request was not counted).
  void refund(uint64_t id);
  void mark_refused(uint64_t id);
  /// Corrects the estimate of `id`.
  void settle(uint64_t id, double tokens);
  void forget_before(instant t);

  /// How long until one request of `tokens` fits; zero: now.
  seconds_f wait(instant now, double tokens, const quota_limits& limits) const;
  /// The sliding view's prediction of the delay told by a full server.
  std::optional<seconds_f> predicted_delay(instant now, double rpm) const;

  std::size_t count(instant now) const; ///< Requests in the last minute.
  double tokens(instant now) const;
  const std::deque<entry>& entries() const { return entries_; }

  window_kind kind = window_kind::sliding;
  instant boundary{}; ///< Of a fixed window: any instant at which one begins.
  double level = 0;   ///< Of a bucket: requests that fit, at `level_at`.
  instant level_at{};

private:
  seconds_f wait_sliding(instant now, double rpm) const;
  seconds_f wait_fixed(instant now, double rpm) const;
  seconds_f wait_bucket(instant now, double rpm) const;
  seconds_f wait_tokens(instant now, double tokens, double tpm) const;
  entry* find(uint64_t id);
  std::deque<entry> entries_;
};

/// The instants at which the coming requests will fit, one after another.
class slot_walker {
public:
  slot_walker(const send_ledger& ledger, instant from, double rpm);
  instant next();

private:
  std::deque<instant> recent_;
  instant last_;
  std::size_t rpm_;
};

} // namespace vigie
