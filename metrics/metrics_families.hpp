#pragma once

#include "metrics/metrics_book.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace vigie {

/// The registry and its families, in the order in which they are shown.
struct metrics_book::families {
  using counters = prometheus::Family<prometheus::Counter>;
  using histograms = prometheus::Family<prometheus::Histogram>;

  families();

  prometheus::Registry registry;
  counters& requests;
  histograms& request_seconds;
  counters& sent_bytes;
  counters& batches_accepted;
  counters& files_accepted;
  counters& evidence_bytes;
  counters& batches_ended;
  histograms& stage_seconds;
  histograms& stage_wait;
  counters& leases_broken;
  counters& files_quarantined;
  histograms& commit_seconds;
  histograms& commit_changes;
  counters& changes_refused;
  counters& model_requests;
  histograms& model_seconds;
  counters& model_tokens;
  counters& model_waited;

private:
  void begin_at_zero();
};

/// Upper bounds of buckets.
extern const prometheus::Histogram::BucketBoundaries request_bounds,
    work_bounds, commit_bounds, group_bounds;

} // namespace vigie
