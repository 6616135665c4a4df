// Over budget: one fixture, every instant of the desk.
#include "actors/gemini_desk.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <deque>
#include <map>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// Answers as the script says, at once; afterwards always `ok`.
constexpr int never = -1; ///< The call hangs.

struct script {
  std::deque<model_reply> replies;
  std::stop_source stop; ///< Of the call that hangs.
  std::vector<caf::typed_response_promise<reply_ptr>> hanging;
  std::vector<double> calls; ///< Seconds since the start.
  std::function<double()> now;
};

model_reply refusal(reply_kind kind, std::optional<double> delay,
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

model_reply said(reply_kind kind, int http) {
  model_reply r;
  r.kind = kind;
  r.http = http;
  return r;
}

caller_actor::behavior_type scripted(caller_actor::pointer me,
                                     std::shared_ptr<script> s) {
  return {[me, s](call_atom, const errand_ptr& errand) {
    s->calls.push_back(s->now());
    auto promise = me->make_response_promise<reply_ptr>();
    auto reply = said(reply_kind::ok, 200);
    if (!s->replies.empty()) {
      reply = s->replies.front();
      s->replies.pop_front();
    }
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
              [](sent_atom) {}};
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

TEST_F(DeskTest, WaitsAsLongAsToldThenSendsOneProbe) {
  s->replies = {refusal(reply_kind::minute, 20.0, quota_dim::rpm, 15)};
  open({rules()});
  auto n = ask("b");
  ASSERT_EQ(s->calls.size(), 1u);
  pass(19'999ms);
  EXPECT_EQ(s->calls.size(), 1u) << "before the told delay";
  pass(251ms);
  EXPECT_EQ(s->calls.size(), 1u) << "and a quarter of a second";
  pass(250ms);
  ASSERT_EQ(s->calls.size(), 2u);
  EXPECT_GE(s->calls[1], 20.25);
  EXPECT_LE(s->calls[1], 20.5);
  EXPECT_TRUE(told.at(n).told.answered);
  ASSERT_EQ(held.size(), 1u);
  EXPECT_NEAR(held[0].delay.count(), 20.375, 1e-6);
  EXPECT_EQ(held[0].resume_at - epoch, 20'375'000us);
}

TEST_F(DeskTest, ThirtyBatchesShareOneClosedGateAndOneProbe) {
  s->replies = {refusal(reply_kind::minute, 30.0, quota_dim::rpm, 60)};
  open({rules()});
  for (int i = 0; i < 30; ++i)
    ask("b" + std::to_string(i));
  pass(30s);
  EXPECT_EQ(s->calls.size(), 1u);
  EXPECT_EQ(held.size(), 30u) << "each batch is told once";
  s->replies = {refusal(reply_kind::minute, 10.0, quota_dim::rpm, 60)};
  pass(500ms);
  EXPECT_EQ(s->calls.size(), 2u) << "one probe, refused: the rest stay";
  pass(9s);
  EXPECT_EQ(s->calls.size(), 2u);
  pass(60s);
  EXPECT_EQ(told.size(), 30u);
}

TEST_F(DeskTest, TheBudgetCutsAtItsInstant) {
  auto hang = refusal(reply_kind::minute, std::nullopt);
  hang.http = never;
  s->replies = {refusal(reply_kind::minute, 590.0, quota_dim::rpm, 15), hang};
  open({rules()});
  auto n = ask("b");
  pass(599'999ms);
  EXPECT_EQ(told.count(n), 0u);
  EXPECT_FALSE(s->stop.stop_requested());
  pass(1ms);
  EXPECT_TRUE(s->stop.stop_requested()) << "the request in flight is ended";
  ASSERT_EQ(told.count(n), 1u);
  EXPECT_EQ(told[n].told.verdict, "quota_exceeded");
  EXPECT_EQ(told[n].told.scope, "budget");
  EXPECT_NEAR(told[n].at, 600, 1e-6);
}

TEST_F(DeskTest, ADelayBeyondTheBudgetEndsAtOnce) {
  s->replies = {refusal(reply_kind::minute, 45.0, quota_dim::rpm, 15)};
  open({rules()});
  auto n = ask("b", 40s);
  ASSERT_EQ(told.count(n), 1u);
  EXPECT_EQ(told[n].told.verdict, "quota_exceeded");
  EXPECT_NEAR(told[n].at, 0, 1e-6);
}

TEST_F(DeskTest, ASpentDayEndsEverybodyAndAsksOnceIn900Seconds) {
  s->replies = {refusal(reply_kind::day, 39'043.0, quota_dim::rpd, 250)};
  open({rules()});
  auto first = ask("a");
  EXPECT_EQ(told.at(first).told.verdict, "quota_exceeded");
  EXPECT_EQ(told.at(first).told.scope, "day");
  EXPECT_EQ(told.at(first).told.reset_at, epoch + 39'043s);
  for (int i = 0; i < 5; ++i) {
    auto n = ask("later");
    EXPECT_NEAR(told.at(n).at, now(), 1e-6);
  }
  EXPECT_EQ(s->calls.size(), 1u) << "no request while the day is spent";
  pass(900s);
  s->replies = {refusal(reply_kind::day, 38'000.0, quota_dim::rpd, 250)};
  ask("canary");
  ask("again");
  EXPECT_EQ(s->calls.size(), 2u) << "one canary";
}

TEST_F(DeskTest, AFalseDayLabelIsAskedOnceAndThenTreatedAsAMinute) {
  s->replies = {refusal(reply_kind::day, 36.4, quota_dim::rpd, 20)};
  open({rules()});
  auto n = ask("b");
  pass(36s);
  EXPECT_EQ(s->calls.size(), 1u);
  pass(2s); // the probe passes: the label was false
  EXPECT_TRUE(told.at(n).told.answered);
  s->replies = {refusal(reply_kind::day, 5.0, quota_dim::rpd, 20)};
  auto next = ask("b");
  pass(6s);
  EXPECT_TRUE(told.at(next).told.answered) << "distrusted for today";
}

TEST_F(DeskTest, AConfirmedDayLabelSwitchesOff) {
  s->replies = {refusal(reply_kind::day, 36.4, quota_dim::rpd, 20),
                refusal(reply_kind::day, 30.0, quota_dim::rpd, 20)};
  open({rules()});
  auto n = ask("b");
  pass(37s);
  EXPECT_EQ(told.at(n).told.scope, "day");
  EXPECT_EQ(told.at(n).told.reset_at, epoch + 5h);
}

TEST_F(DeskTest, LimitZeroIsNeverWaitedFor) {
  s->replies = {refusal(reply_kind::limit0, 10.0)};
  open({rules()});
  auto n = ask("b");
  EXPECT_EQ(told.at(n).told.scope, "limit0");
  EXPECT_EQ(ask("c"), 1);
  EXPECT_EQ(told.at(1).told.verdict, "quota_exceeded");
  pass(3'600s);
  EXPECT_EQ(s->calls.size(), 1u);
}

TEST_F(DeskTest, ABadKeyStopsTheGate) {
  s->replies = {said(reply_kind::key, 400)};
  open({rules()});
  auto n = ask("b");
  EXPECT_FALSE(told.at(n).told.answered);
  EXPECT_EQ(told.at(n).told.scope, "key");
  auto next = ask("c");
  EXPECT_EQ(told.at(next).told.verdict, "blocked") << "no quota is at fault";
  pass(600s);
  EXPECT_EQ(s->calls.size(), 1u) << "nothing is sent with a bad key";
}

TEST_F(DeskTest, TheFallbackModelTakesWhatTheFirstCannot) {
  s->replies = {said(reply_kind::model, 404)};
  open({rules("gone"), rules("next")});
  auto n = ask("b");
  EXPECT_TRUE(told.at(n).told.answered);
  EXPECT_EQ(told.at(n).told.answer.model, "next");
}

TEST_F(DeskTest, ARestartInAPauseSendsNothingBeforeItsEnd) {
  gate_memory m;
  m.model = "m";
  m.state = "paused";
  m.saved_at = epoch - 5s;
  m.until = epoch + 12s;
  m.rpm = 15;
  open({rules()}, {m});
  auto n = ask("b", 100s);
  pass(11'999ms);
  EXPECT_TRUE(s->calls.empty());
  pass(2ms);
  ASSERT_EQ(s->calls.size(), 1u);
  EXPECT_TRUE(told.at(n).told.answered);
}

TEST_F(DeskTest, TheSameQuestionIsAskedOnce) {
  s->replies = {refusal(reply_kind::minute, 5.0, quota_dim::rpm, 15)};
  open({rules()});
  auto one = ask("a");
  asked = one; // the same image again, in another batch
  ask("b");
  pass(10s);
  EXPECT_EQ(s->calls.size(), 2u) << "refused, then once";
  asked = one;
  ask("c");
  EXPECT_EQ(s->calls.size(), 2u) << "known by now";
}

TEST_F(DeskTest, AFollowerIsAskedForItselfWhenItsLeaderRunsOutOfTime) {
  s->replies = {refusal(reply_kind::minute, 30.0, quota_dim::rpm, 15)};
  open({rules()});
  auto one = ask("a", 40s);
  (void)one;
  asked = 0; // the same image
  s->replies = {refusal(reply_kind::minute, 20.0, quota_dim::rpm, 15)};
  ask("b", 600s);
  pass(31s); // refused again: the first batch cannot make it any more
  EXPECT_EQ(s->calls.size(), 2u);
  pass(30s);
  EXPECT_EQ(s->calls.size(), 3u);
  EXPECT_TRUE(told.at(0).told.answered) << "the second batch had the time";
}

TEST_F(DeskTest, NothingIsSentForABatchThatIsGone) {
  s->replies = {refusal(reply_kind::minute, 20.0, quota_dim::rpm, 15)};
  open({rules()});
  ask("b");
  self->send_exit(stage, caf::exit_reason::user_shutdown);
  pass(60s);
  EXPECT_EQ(s->calls.size(), 1u);
}

TEST_F(DeskTest, ACancelledBatchLeavesTheBoard) {
  s->replies = {refusal(reply_kind::minute, 20.0, quota_dim::rpm, 15)};
  open({rules()});
  ask("kept");
  auto mine = stage = another_stage();
  ask("gone");
  ask("gone");
  EXPECT_EQ(board().waiting, 3u);
  self->send_exit(mine, caf::exit_reason::user_shutdown);
  settle();
  auto b = board();
  EXPECT_EQ(b.waiting, 1u);
  ASSERT_EQ(b.waiters.size(), 1u);
  EXPECT_EQ(b.waiters[0].batch, "kept");
  pass(60s);
  EXPECT_EQ(s->calls.size(), 2u) << "refused, then once for who is left";
}

TEST_F(DeskTest, WhatAnotherBatchWantsTooIsAskedInItsName) {
  s->replies = {refusal(reply_kind::minute, 20.0, quota_dim::rpm, 15)};
  open({rules()});
  auto mine = stage;
  ask("gone");
  asked = 0; // the same image
  stage = another_stage();
  ask("kept");
  self->send_exit(mine, caf::exit_reason::user_shutdown);
  settle();
  ASSERT_EQ(board().waiters.size(), 1u);
  EXPECT_EQ(board().waiters[0].batch, "kept");
  pass(30s);
  EXPECT_EQ(s->calls.size(), 2u);
  EXPECT_TRUE(told.at(0).told.answered);
}

TEST_F(DeskTest, AFollowerThatIsGoneIsNotAskedFor) {
  auto hang = refusal(reply_kind::minute, std::nullopt);
  hang.http = never;
  s->replies = {hang};
  open({rules()});
  ask("leader", 40s);
  asked = 0; // the same image
  auto mine = stage = another_stage();
  ask("gone");
  self->send_exit(mine, caf::exit_reason::user_shutdown);
  pass(60s); // the leader runs out of time
  EXPECT_EQ(s->calls.size(), 1u);
}

TEST_F(DeskTest, ACallOfACancelledBatchHoldsNobodyBack) {
  auto hang = refusal(reply_kind::minute, std::nullopt);
  hang.http = never;
  s->replies = {hang};
  auto one = rules();
  one.most_in_flight = 1;
  open({one});
  auto mine = stage;
  ask("gone");
  stage = another_stage();
  auto n = ask("kept");
  pass(1s);
  EXPECT_EQ(s->calls.size(), 1u);
  self->send_exit(mine, caf::exit_reason::user_shutdown);
  settle();
  EXPECT_TRUE(s->stop.stop_requested());
  EXPECT_EQ(s->calls.size(), 2u) << "at once";
  EXPECT_TRUE(told.at(n).told.answered);
}

TEST_F(DeskTest, BrokenAnswersAreAskedForOnceMore) {
  s->replies = {said(reply_kind::malformed, 200),
                said(reply_kind::malformed, 200)};
  open({rules()});
  auto n = ask("b");
  pass(5s);
  EXPECT_EQ(s->calls.size(), 2u);
  EXPECT_EQ(told.at(n).told.verdict, "malformed");
  s->replies = {said(reply_kind::blocked, 200)};
  auto blocked = ask("b");
  pass(5s);
  EXPECT_EQ(s->calls.size(), 3u) << "blocked: never again";
  EXPECT_EQ(told.at(blocked).told.verdict, "blocked");
}

} // namespace
