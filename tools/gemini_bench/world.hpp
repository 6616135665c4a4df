#pragma once

#include "tools/gemini_sim/quota_model.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace vigie::bench {

using sim::seconds;

/// One image of a batch that becomes ready at `at`.
struct job {
  seconds at{};
  int batch = 0;
};

/// A workload and the project it meets.
struct workload {
  std::string name;
  std::vector<job> jobs; ///< By time.
  sim::quota_options quota;
  seconds horizon{3'600}; ///< Counting ends here.
  seconds budget{600};
};

/// What became of each job, and of the requests.
struct result {
  struct ending {
    bool ok = false;
    seconds at{}; ///< When it ended.
  };
  std::vector<ending> jobs;
  std::vector<seconds> sends;     ///< Every request.
  std::vector<seconds> successes; ///< Answers, by the time they came.
  int64_t refused = 0;
  std::optional<seconds> first_refused; ///< For the day; when it was known.
  int64_t foreign = 0; ///< Requests that somebody else got through.
  int64_t probes = 0;  ///< First requests after a refusal.
  int64_t herds = 0;   ///< Requests within a second of a probe (G10).
};

/// One draw for everybody; the same seed gives the same run.
class dice {
public:
  explicit dice(uint64_t seed) : engine_(seed) {}
  double operator()() {
    return std::uniform_real_distribution<double>{0, 1}(engine_);
  }

private:
  std::mt19937_64 engine_;
};

/// Seconds until an answer of that status.
seconds latency(int http, dice& u);

result run_desk(const workload& w, uint64_t seed);
/// Exact knowledge of the quota, no faults, first come first served.
result run_oracle(const workload& w, uint64_t seed);
/// Every analysis for itself, waiting as long as it is told.
result run_selfish(const workload& w, uint64_t seed);
/// 1 s x 2^n with jitter, 60 s at most, five tries.
result run_backoff(const workload& w, uint64_t seed);

} // namespace vigie::bench
