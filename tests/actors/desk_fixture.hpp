#pragma once
// Over budget: one fixture, the desk before a scripted model.

#include "actors/gemini_desk.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <deque>
#include <map>
#include <set>

namespace vigie {

using namespace std::chrono_literals;

constexpr int never = -1; ///< The call hangs.

/// Answers as the script says, at once; afterwards always `ok`.
struct script {
  std::deque<model_reply> replies;
  std::stop_source stop; ///< Of the call that hangs.
  std::vector<caf::typed_response_promise<reply_ptr>> hanging;
  std::vector<double> calls; ///< Seconds since the start.
  std::function<double()> now;
  std::set<std::string> down; ///< Models that answer 503.
};

inline model_reply refusal(reply_kind kind, std::optional<double> delay,
                           quota_dim dim = quota_dim::none, int64_t value = 0) {
  model_reply r;
  r.kind = kind;
  r.http = 429;
  if (delay)
    r.delay = seconds_f{*delay};
  r.dim = dim;
  if (value > 0)
    r.value = value;
  return r;
}

inline model_reply said(reply_kind kind, int http) {
  model_reply r;
  r.kind = kind;
  r.http = http;
  return r;
}

inline caller_actor::behavior_type scripted(caller_actor::pointer me,
                                            std::shared_ptr<script> s) {
  return {[me, s](call_atom, const errand_ptr& errand) {
    s->calls.push_back(s->now());
    auto promise = me->make_response_promise<reply_ptr>();
    auto reply = said(reply_kind::ok, 200);
    if (!s->replies.empty()) {
      reply = s->replies.front();
      s->replies.pop_front();
    }
    if (s->down.count(errand->request.model) > 0)
      reply = said(reply_kind::transient, 503);
    if (reply.http == never) {
      s->stop = errand->stop;
      s->hanging.push_back(promise);
      return promise;
    }
    promise.deliver(std::make_shared<const model_reply>(reply));
    return promise;
  }};
}

struct told_at {
  model_told told;
  double at = 0;
};

struct DeskTest : ActorTest {
  std::shared_ptr<script> s = std::make_shared<script>();
  std::map<int, told_at> told;
  std::vector<held_up> held;
  caf::actor_clock::time_point start;
  utc_time epoch{std::chrono::seconds{1'000'000'000}};
  desk_actor desk;
  gemini_stage_actor stage;
  int asked = 0;

  double now() const {
    return std::chrono::duration<double>(scheduler.clock().now() - start)
        .count();
  }
  utc_time utc() const {
    return epoch
           + std::chrono::duration_cast<std::chrono::microseconds>(
               scheduler.clock().now() - start);
  }

  void SetUp() override {
    start = scheduler.clock().now();
    s->now = [this] { return now(); };
    stage = another_stage();
  }

  gemini_stage_actor another_stage() {
    return track(sys.spawn([this](gemini_stage_actor::pointer)
                               -> gemini_stage_actor::behavior_type {
      return {[](closing_atom) {},
              [this](held_atom, const held_ptr& h) { held.push_back(*h); },
              [](sent_atom) {}, [](waits_atom, const std::string&) {}};
    }));
  }

  gate_board board() {
    gate_board out;
    auto r = self->request(desk, caf::infinite, stats_atom_v);
    settle();
    r.receive([&](const boards_ptr& x) { out = x->at(0); },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return out;
  }

  gate_rules rules(std::string model = "m") {
    gate_rules r;
    r.model = std::move(model);
    r.next_day = [](utc_time t) { return t + std::chrono::hours{5}; };
    r.draw = [] { return 0.5; };
    return r;
  }

  void open(std::vector<gate_rules> gates,
            std::vector<gate_memory> memory = {}) {
    desk_args args;
    args.gates = std::move(gates);
    args.memory = std::move(memory);
    for (int i = 0; i < 16; ++i)
      args.callers.push_back(track(sys.spawn(scripted, s)));
    args.now = [this] { return utc(); };
    desk = track(sys.spawn(gemini_desk, std::move(args)));
    settle();
  }

  /// One image of a batch, `budget` from now.
  int ask(std::string batch, std::chrono::seconds budget = 600s) {
    auto n = asked++;
    auto a = std::make_shared<model_ask>();
    a->batch = {std::move(batch)};
    a->subject = std::to_string(n);
    a->input_hash = std::to_string(n);
    a->tokens = 1'000;
    a->deadline = utc() + budget;
    track(sys.spawn([this, n, a](caf::event_based_actor* me) {
      me->request(desk, caf::infinite, ask_atom_v, ask_ptr{a}, stage)
          .then([this, n](const told_ptr& t) {
            told[n] = {*t, now()};
          });
    }));
    settle();
    return n;
  }
};

} // namespace vigie
