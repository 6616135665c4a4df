#pragma once

#include "domain/log.hpp"
#include "domain/node_marks.hpp"
#include "domain/telemetry.hpp"
#include "domain/worker.hpp"

#include <chrono>
#include <memory>

namespace vigie {

struct hub_rules {
  std::chrono::seconds silence{10}; ///< A lease not renewed so long breaks.
  std::chrono::seconds stale{5}; ///< A node not heard so long gets no new job.
  std::chrono::seconds job_limit{330}; ///< Longest work under one lease.
  std::chrono::seconds stuck{60};      ///< No piece of its file asked so long.
  std::chrono::seconds longest_pull{10}; ///< A pull is answered after this.
  std::chrono::seconds patience{5};      ///< Then waiting for a node is told.
  int most_broken = 3;                   ///< Leases; then the file is given up.
  int most_lost = 10; ///< The same, with those that nothing was seen of.
  bench_rules bench;
  /// A file that a node gave back is not offered to it again before; doubles.
  std::chrono::seconds first_rest{2}, longest_rest{60};
  analysis_setup setup;
  /// Takes what a node says of a file it could not do, and how nodes fare. May
  /// be empty.
  log_line log;
  std::shared_ptr<telemetry> meter = std::make_shared<telemetry>();
};

/// What a node that did not do a file had to do with it.
struct node_trial {
  int broke = 0;            ///< Leases that broke there.
  node_marks::time until{}; ///< Given back: rests so long.
  std::chrono::seconds rest{0};
};

} // namespace vigie
