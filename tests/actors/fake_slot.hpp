#pragma once

#include "actors/protocol.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

/// A slot that works until the test says how it ended.
struct fake_bench : job_runner {
  std::deque<std::pair<analysis_job, caf::typed_response_promise<report_ptr>>>
      work;
  std::vector<uint64_t> aborted;
  int warmed = 0;
  outcome<analysis_result> run(const analysis_job&) override {
    return analysis_result{};
  }
  void abort(uint64_t number) override { aborted.push_back(number); }
};

/// What a cache was asked for, and what it lent.
struct fake_store {
  struct ask {
    analysis_job job;
    caf::typed_response_promise<std::string> promise;
  };
  std::deque<ask> asks;
  std::multiset<std::string> pinned;
};

inline slot_actor::behavior_type working_at(slot_actor::pointer me,
                                            std::shared_ptr<fake_bench> b) {
  return {[b](begin_atom) { ++b->warmed; },
          [b, me](work_atom, const analysis_job& job) {
            auto p = me->make_response_promise<report_ptr>();
            b->work.emplace_back(job, p);
            return p;
          }};
}

inline cache_actor::behavior_type fetching_from(cache_actor::pointer me,
                                                std::shared_ptr<fake_store> s) {
  return {[s, me](fetch_atom, const gate_actor&, const std::string&,
                  const analysis_job& job) {
            auto p = me->make_response_promise<std::string>();
            s->asks.push_back({job, p});
            return p;
          },
          [s](unpin_atom, const std::string& path) {
            s->pinned.erase(s->pinned.find(path));
          }};
}

} // namespace vigie
