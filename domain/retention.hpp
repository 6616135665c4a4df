#pragma once

#include "domain/batch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vigie {

/// Which ended batches are deleted; all off by default.
struct retention_rules {
  std::chrono::seconds max_age{0}; ///< Last change longer ago; 0: off.
  int disk_high_percent = 0;       ///< Fuller: the oldest go; 0: off.
  int disk_low_percent = 0;        ///< Until it is no fuller than this.
  std::size_t most_per_run = 50;
};

struct ended_batch {
  batch_id id;
  utc_time changed{};
  uint64_t bytes = 0; ///< Evidence; what came of it is not counted.
};

/// The filesystem of the storage.
struct disk_figure {
  uint64_t total = 0;
  uint64_t used = 0;
};

/// What is to go now.
struct retention_plan {
  std::vector<batch_id> doomed; ///< Oldest first.
  bool pressing = false; ///< The disk was too full and is not yet below low.
  bool helpless = false; ///< Pressing, and nothing is left that may go.
};

/// Pure. `ended`: the oldest, by their last change. `pressing`: as last told.
/// Works on an estimate of what the files free: the next look at the disk says
/// whether it was enough.
retention_plan plan_retention(const retention_rules& rules, utc_time now,
                              const std::vector<ended_batch>& ended,
                              disk_figure disk, bool pressing);

} // namespace vigie
