#pragma once

#include "domain/quota_gate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace vigie {

/// Drives one gate by hand: seconds go in, sends and verdicts come out.
struct QuotaGateTest : ::testing::Test {
  quota_gate gate{rules()};
  std::vector<uint64_t> sent;        ///< Since the last clear().
  std::map<uint64_t, verdict> ended; ///< Of the whole test.
  std::vector<hold_up> waiting;      ///< Since the last clear().
  std::optional<instant> wake;
  uint64_t last_id = 0;

  static gate_rules rules() {
    gate_rules r;
    r.model = "m";
    r.next_day = [](utc_time t) { return t + std::chrono::hours{5}; };
    r.draw = [] { return 0.5; };
    return r;
  }

  static moment at(double s) {
    auto us = std::chrono::duration_cast<std::chrono::microseconds>(
        seconds_f{s + 1e9});
    return {instant{seconds_f{1'000 + s}}, utc_time{us}};
  }

  static model_reply reply(reply_kind kind, int http,
                           std::optional<double> delay = {},
                           quota_dim dim = quota_dim::none, int64_t value = 0) {
    model_reply r;
    r.kind = kind;
    r.http = http;
    if (delay)
      r.delay = seconds_f{*delay};
    r.dim = dim;
    if (value > 0)
      r.value = value;
    return r;
  }
  static model_reply ok() { return reply(reply_kind::ok, 200); }
  static model_reply fault(int http = 503) {
    return reply(reply_kind::transient, http);
  }
  static model_reply minute(double delay, int64_t rpm = 15) {
    return reply(reply_kind::minute, 429, delay, quota_dim::rpm, rpm);
  }
  static model_reply day(double delay = 39'043) {
    return reply(reply_kind::day, 429, delay, quota_dim::rpd, 250);
  }

  void clear() {
    sent.clear();
    waiting.clear();
  }

  void note(gate_steps& o) {
    sent.insert(sent.end(), o.send.begin(), o.send.end());
    for (auto& v : o.ended)
      EXPECT_TRUE(ended.emplace(v.id, v).second) << v.id << " ended twice";
    waiting.insert(waiting.end(), o.waiting.begin(), o.waiting.end());
    wake = o.wake;
  }

  uint64_t arrive(double s, std::string batch = "b", double budget = 600) {
    analysis a;
    a.id = ++last_id;
    a.batch = std::move(batch);
    a.tokens = 1'000;
    a.deadline = at(s + budget).t;
    gate_steps o;
    gate.arrive(std::move(a), at(s), o);
    gate.pump(at(s), o);
    note(o);
    return last_id;
  }
  void answer(uint64_t id, const model_reply& r, double s) {
    gate_steps o;
    gate.answered(id, r, at(s), o);
    note(o);
  }
  void expire(uint64_t id, double s) {
    gate_steps o;
    gate.expire(id, at(s), o);
    note(o);
  }
  void pump(double s) {
    gate_steps o;
    gate.pump(at(s), o);
    note(o);
  }

  bool in_flight(uint64_t id) const {
    return std::count(sent.begin(), sent.end(), id) > 0;
  }
  verdict_kind what(uint64_t id) const { return ended.at(id).what; }
  std::string scope(uint64_t id) const { return ended.at(id).scope; }
};

} // namespace vigie
