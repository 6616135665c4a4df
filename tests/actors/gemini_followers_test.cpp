// The same question of two batches is paid once, whoever has less time.
#include "actors/gemini_desk.hpp"
#include "actors/gemini_plan.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <deque>
#include <map>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct FollowersTest : ActorTest {
  struct told_at {
    model_told told;
    std::chrono::microseconds at{};
  };
  std::deque<model_reply> replies; ///< Afterwards always ok.
  int calls = 0;
  bool hang = false;
  std::vector<caf::typed_response_promise<reply_ptr>> hanging;
  std::map<std::string, told_at> told; ///< By batch.
  std::vector<std::string> log;
  caf::actor_clock::time_point start;
  utc_time epoch{std::chrono::seconds{1'000'000'000}};
  desk_actor desk;
  gemini_stage_actor stage;

  utc_time utc() const {
    return epoch
           + std::chrono::duration_cast<std::chrono::microseconds>(
               scheduler.clock().now() - start);
  }

  void SetUp() override {
    start = scheduler.clock().now();
    stage = track(sys.spawn(
        [](gemini_stage_actor::pointer) -> gemini_stage_actor::behavior_type {
          return {[](closing_atom) {}, [](held_atom, const held_ptr&) {},
                  [](sent_atom) {}, [](waits_atom, const std::string&) {}};
        }));
  }
  void TearDown() override {
    hanging.clear();
    ActorTest::TearDown();
  }

  static model_reply said(reply_kind kind, int http) {
    model_reply r;
    r.kind = kind;
    r.http = http;
    return r;
  }
  static model_reply minute(double delay) {
    auto r = said(reply_kind::minute, 429);
    r.delay = seconds_f{delay};
    r.dim = quota_dim::rpm;
    r.value = 15;
    return r;
  }

  void open(std::vector<std::string> models = {"m"}) {
    auto answer = [this](caf::typed_response_promise<reply_ptr> promise) {
      ++calls;
      if (hang) {
        hanging.push_back(promise);
        return;
      }
      auto r = said(reply_kind::ok, 200);
      if (!replies.empty()) {
        r = replies.front();
        replies.pop_front();
      }
      promise.deliver(std::make_shared<const model_reply>(r));
    };
    desk_args args;
    for (auto& model : models) {
      gate_rules r;
      r.model = model;
      r.next_day = [](utc_time t) { return t + 5h; };
      r.draw = [] { return 0.5; };
      args.gates.push_back(std::move(r));
    }
    for (int i = 0; i < 4; ++i)
      args.callers.push_back(track(sys.spawn(
          [answer](caller_actor::pointer me) -> caller_actor::behavior_type {
            return {[me, answer](call_atom, const errand_ptr&) {
              auto promise = me->make_response_promise<reply_ptr>();
              answer(promise);
              return promise;
            }};
          })));
    args.now = [this] { return utc(); };
    args.log = [this](const std::string& line) { log.push_back(line); };
    desk = track(sys.spawn(gemini_desk, std::move(args)));
    settle();
  }

  void ask(std::string batch, std::chrono::seconds budget,
           std::string image = "x") {
    auto a = std::make_shared<model_ask>();
    a->batch = {batch};
    a->input_hash = std::move(image);
    a->deadline = utc() + budget;
    track(sys.spawn([this, batch, a](caf::event_based_actor* me) {
      me->request(desk, caf::infinite, ask_atom_v, ask_ptr{a}, stage)
          .then([this, batch](const told_ptr& t) {
            told[batch] = {*t, utc() - epoch};
          });
    }));
    settle();
  }
};

TEST_F(FollowersTest, AnEarlierDeadlinePaysNothingTwice) {
  replies = {minute(20)};
  open();
  ask("long", 600s);
  ask("short", 60s);
  pass(50s);
  EXPECT_TRUE(told.at("long").told.answered);
  EXPECT_TRUE(told.at("short").told.answered);
  EXPECT_EQ(calls, 2) << "refused, then once";
}

TEST_F(FollowersTest, AFollowerEndsByItselfWhenItsOwnTimeIsOver) {
  replies = {minute(100)};
  open();
  ask("long", 600s);
  ask("short", 60s);
  pass(59'999ms);
  EXPECT_EQ(told.count("short"), 0u);
  pass(1ms);
  ASSERT_EQ(told.count("short"), 1u);
  EXPECT_EQ(told["short"].told.verdict, "quota_exceeded");
  EXPECT_EQ(told["short"].told.scope, "budget");
  EXPECT_EQ(told.count("long"), 0u) << "its leader goes on";
  pass(60s);
  EXPECT_TRUE(told.at("long").told.answered);
  EXPECT_EQ(calls, 2) << "refused, then once";
}

TEST_F(FollowersTest, NoQuotaIsBlamedWhenTheServiceJustDoesNotAnswer) {
  hang = true;
  open();
  ask("long", 600s);
  ask("short", 60s);
  pass(60s);
  ASSERT_EQ(told.count("short"), 1u);
  EXPECT_EQ(told["short"].told.verdict, "provider_error");
}

TEST_F(FollowersTest, FallingBackIsLoggedOnce) {
  replies = {minute(5), said(reply_kind::model, 404)};
  open({"gone", "next"});
  for (auto image : {"1", "2", "3", "4"})
    ask(image, 600s, image);
  pass(10s);
  ASSERT_EQ(told.size(), 4u);
  for (auto& [batch, t] : told)
    EXPECT_EQ(t.told.answer.model, "next");
  auto said_so = [](auto& line) {
    return line.find("falling back") != line.npos;
  };
  EXPECT_EQ(std::count_if(log.begin(), log.end(), said_so), 1);
}

TEST(GeminiRunTest, NeverMoreThanTheBudgetIsLeftWhateverTheClockDoes) {
  utc_time t{std::chrono::seconds{1'000'000'000}};
  gemini_run run;
  run.begun_at = t;
  run.deadline = t + 600s;
  run.attempts = 3;
  EXPECT_EQ(resumed(run, 600s, t + 100s).deadline, t + 600s);
  auto back = resumed(run, 600s, t - 3h);
  EXPECT_EQ(back.deadline, t - 3h + 600s) << "the clock went back";
  EXPECT_EQ(back.deadline - back.begun_at, 600s);
  EXPECT_EQ(back.attempts, 3);
}

} // namespace
