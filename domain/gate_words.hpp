#pragma once

#include "domain/batch.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// What a gate remembers over a restart (GEMINI.md 3.7); times are UTC.
struct gate_memory {
  struct sent {
    utc_time at{};
    double tokens = 0;
  };
  std::string model;
  utc_time saved_at{};
  std::string state;  ///< open | paused | probe | day_off | blocked
  std::string reason; ///< Why blocked or off: key, config, billing, limit0, day
  std::optional<utc_time> until;       ///< Paused or off until.
  std::optional<double> rpm, tpm, rpd; ///< Learned or configured.
  int64_t day_count = 0;               ///< Requests since the last reset.
  std::optional<utc_time> day_ends;    ///< When day_count starts anew.
  int strikes = 0;                     ///< Refusals without a delay.
  std::string window = "sliding";      ///< sliding | fixed | bucket
  double phase = 0;                    ///< Seconds into the UTC minute.
  std::vector<sent> ledger;            ///< The last minute.
};

/// One model of the quota board, as it is right now.
struct gate_board {
  struct waiter {
    std::string batch;
    int64_t analyses = 0;
    utc_time deadline{};
  };
  std::string model;
  std::string state;  ///< open | paused | probe | day_off | blocked
  std::string reason; ///< Empty unless off or blocked.
  std::optional<utc_time> paused_until; ///< Also: when the day resets.
  int64_t waiting = 0, in_flight = 0;
  int64_t requests_in_window = 0;
  double tokens_in_window = 0;
  std::optional<double> rpm, tpm, rpd; ///< As configured or learned.
  int64_t day_requests = 0;
  std::optional<utc_time> day_resets_at;
  std::vector<waiter> waiters; ///< Most urgent first, 50 at most.
};

} // namespace vigie
