// Over budget: one fixture, one fact after another.
#include "tests/domain/gate_fixture.hpp"

using namespace vigie;

namespace {

/// Requests of `n` arrivals, `step` seconds apart, each answered by `r`.
int sent_of(QuotaGateTest& t, double from, int n, double step,
            const model_reply& r) {
  int count = 0;
  for (int i = 0; i < n; ++i) {
    auto when = from + i * step;
    t.clear();
    auto id = t.arrive(when, "x" + std::to_string(i));
    if (t.in_flight(id)) {
      ++count;
      t.answer(id, r, when + 0.2);
    }
  }
  return count;
}

// -- Canaries ---------------------------------------------------------------

TEST_F(QuotaGateTest, BillingAsksOnceAnHour) {
  auto refused = reply(reply_kind::billing, 429);
  answer(arrive(0), refused, 0.1);
  EXPECT_EQ(scope(1), "billing");
  EXPECT_EQ(sent_of(*this, 1'800, 5, 5, refused), 0);
  EXPECT_EQ(sent_of(*this, 3'700, 20, 5, refused), 1);
  EXPECT_EQ(sent_of(*this, 7'200, 10, 5, refused), 0);
  EXPECT_EQ(sent_of(*this, 7'310, 20, 5, refused), 1);
}

TEST_F(QuotaGateTest, ABillingCanaryThatSucceedsOpens) {
  answer(arrive(0), reply(reply_kind::billing, 429), 0.1);
  auto id = arrive(3'601);
  ASSERT_TRUE(in_flight(id));
  answer(id, ok(), 3'603);
  EXPECT_EQ(gate.phase(), gate_phase::open);
}

TEST_F(QuotaGateTest, ABillingCanaryThatMeetsAFaultIsTheOneOfItsHour) {
  answer(arrive(0), reply(reply_kind::billing, 429), 0.1);
  EXPECT_EQ(sent_of(*this, 3'700, 20, 5, fault()), 1);
  EXPECT_EQ(gate.queued(), 0u);
}

TEST_F(QuotaGateTest, ADayCanaryThatMeetsAFaultEndsAndIsTheOneOf900Seconds) {
  answer(arrive(0), day(), 0.1);
  EXPECT_EQ(sent_of(*this, 901, 20, 5, fault()), 1);
  EXPECT_EQ(gate.queued(), 0u) << "nobody hangs in a spent day";
  EXPECT_EQ(what(2), verdict_kind::quota_exceeded);
  EXPECT_EQ(scope(2), "day");
  EXPECT_TRUE(ended.at(2).reset_at);
  EXPECT_TRUE(waiting.empty()) << "and nobody is told to wait";
  EXPECT_EQ(sent_of(*this, 1'802, 20, 5, day(38'000)), 1);
  EXPECT_EQ(sent_of(*this, 2'704, 20, 5, day(37'000)), 1);
}

TEST_F(QuotaGateTest, ADayCanaryThatHangsIsTheOneOf900Seconds) {
  answer(arrive(0), day(), 0.1);
  int canaries = 0;
  for (int i = 0; i < 10; ++i) {
    clear();
    auto id = arrive(901 + i * 11, "x", 10);
    canaries += in_flight(id) ? 1 : 0;
    expire(id, 911 + i * 11);
  }
  EXPECT_EQ(canaries, 1);
}

TEST_F(QuotaGateTest, ADayCanaryThatIsWithdrawnIsTheOneOf900Seconds) {
  answer(arrive(0), day(), 0.1);
  auto id = arrive(901);
  ASSERT_TRUE(in_flight(id));
  gate.withdraw(id, at(902));
  EXPECT_EQ(sent_of(*this, 903, 20, 5, day()), 0);
}

TEST_F(QuotaGateTest, ADayCanaryThatGetsThroughBrokenOpens) {
  answer(arrive(0), day(), 0.1);
  auto id = arrive(901);
  answer(id, reply(reply_kind::malformed, 200), 902);
  pump(903);
  EXPECT_EQ(gate.phase(), gate_phase::open);
  EXPECT_EQ(std::count(sent.begin(), sent.end(), id), 2) << "asked once more";
}

TEST_F(QuotaGateTest, WhatIsInFlightWhenTheDayEndsEndsWithItsReply) {
  auto a = arrive(0), b = arrive(0.1), c = arrive(0.2), d = arrive(0.3);
  answer(a, day(), 0.4);
  clear();
  answer(b, fault(), 0.5);
  answer(c, reply(reply_kind::malformed, 200), 0.6);
  answer(d, ok(), 0.7);
  for (auto id : {a, b, c})
    EXPECT_EQ(scope(id), "day") << id;
  EXPECT_EQ(what(d), verdict_kind::answered) << "paid, so kept";
  EXPECT_EQ(gate.queued(), 0u);
  EXPECT_TRUE(waiting.empty());
  EXPECT_EQ(gate.phase(), gate_phase::day_off);
  EXPECT_EQ(sent_of(*this, 5, 10, 5, day()), 0) << "none was the canary";
}

// -- Whose fault ------------------------------------------------------------

TEST_F(QuotaGateTest, AnOutageIsNeverToldAsAQuota) {
  for (int i = 0; i < 12; ++i)
    arrive(0);
  for (double t = 0.01; t < 600; t += 0.05) {
    auto out = std::exchange(sent, {});
    for (auto id : out)
      answer(id, fault(), t);
    pump(t + 0.02);
  }
  for (uint64_t id = 1; id <= 12; ++id)
    expire(id, 600);
  for (auto& [id, v] : ended)
    EXPECT_EQ(v.what, verdict_kind::provider_error) << id;
  EXPECT_EQ(ended.size(), 12u);
}

TEST_F(QuotaGateTest, CallsThatHangAreNeverToldAsAQuota) {
  for (int i = 0; i < 6; ++i)
    arrive(0);
  for (double t = 0; t < 2; t += 0.06)
    pump(t);
  EXPECT_EQ(gate.in_flight(), 4) << "no limit is known yet";
  EXPECT_EQ(gate.queued(), 2u);
  for (uint64_t id = 1; id <= 6; ++id)
    expire(id, 600);
  for (auto& [id, v] : ended)
    EXPECT_EQ(v.what, verdict_kind::provider_error) << id;
}

TEST_F(QuotaGateTest, WhoWaitsForSomebodyElsesRefusalWaitsForTheQuota) {
  auto a = arrive(0, "a");
  auto b = arrive(0.01, "b", 100);
  answer(a, minute(90), 0.2);
  auto c = arrive(1, "c", 95);
  expire(b, 100.01);
  expire(c, 96);
  EXPECT_EQ(what(b), verdict_kind::quota_exceeded);
  EXPECT_EQ(what(c), verdict_kind::quota_exceeded);
}

TEST_F(QuotaGateTest, WhoWaitsForAFullMinuteWaitsForTheQuota) {
  auto r = rules();
  r.configured.rpm = 2;
  gate = quota_gate{r};
  for (int i = 0; i < 3; ++i)
    arrive(i, "b", 30);
  answer(1, ok(), 3);
  answer(2, ok(), 4);
  ASSERT_EQ(gate.queued(), 1u);
  expire(3, 32);
  EXPECT_EQ(what(3), verdict_kind::quota_exceeded);
}

TEST_F(QuotaGateTest, AFaultAfterARefusalIsTheLastObstacle) {
  auto a = arrive(0, "a", 60);
  answer(a, minute(20), 0.2);
  pump(21);
  answer(a, fault(), 22);
  pump(27.3);
  expire(a, 60);
  EXPECT_EQ(what(a), verdict_kind::provider_error);
}

// -- Pauses -----------------------------------------------------------------

TEST_F(QuotaGateTest, APauseBeyondTheBudgetEndsAnArrivalAtOnce) {
  answer(arrive(0), minute(300), 0.1);
  auto early = arrive(1, "c", 60), late = arrive(1, "d", 290);
  EXPECT_EQ(what(early), verdict_kind::quota_exceeded);
  EXPECT_EQ(scope(early), "minute");
  EXPECT_EQ(scope(late), "minute");
  EXPECT_EQ(ended.count(arrive(1, "e", 310)), 0u);
}

TEST_F(QuotaGateTest, APauseWithoutAKnownLimitEndsAnArrivalAtOnceToo) {
  answer(arrive(0), reply(reply_kind::minute, 429, 300), 0.1);
  clear();
  EXPECT_EQ(scope(arrive(1, "d", 290)), "minute");
  EXPECT_TRUE(waiting.empty()) << "who ends is not told to wait";
}

TEST_F(QuotaGateTest, AProbeThatMeetsAFaultIsFollowedByOneAfterTheBreaker) {
  for (int i = 0; i < 6; ++i)
    arrive(0.06 * i, "b" + std::to_string(i));
  for (uint64_t id = 1; id <= 4; ++id)
    answer(id, minute(20, 60), 0.5);
  clear();
  std::vector<double> sends;
  for (double t = 20; t < 60; t += 0.05) {
    pump(t);
    for (auto id : std::exchange(sent, {})) {
      sends.push_back(t);
      answer(id, fault(), t + 0.01);
    }
  }
  ASSERT_GE(sends.size(), 3u);
  EXPECT_NEAR(sends[1] - sends[0], 5, 0.1);
  EXPECT_NEAR(sends[2] - sends[1], 10, 0.1);
  EXPECT_EQ(sends.size(), 4u) << "and 20 s later";
}

TEST_F(QuotaGateTest, AProbeThatMeetsItsLast500OpensTheBreakerToo) {
  auto a = arrive(0, "a");
  answer(a, fault(500), 0.1);
  pump(2);
  answer(a, fault(500), 2.1);
  pump(5);
  answer(a, minute(20, 60), 5.1);
  arrive(6, "b");
  clear();
  pump(26);
  ASSERT_EQ(sent, std::vector{a});
  answer(a, fault(500), 26.1);
  EXPECT_EQ(what(a), verdict_kind::provider_error) << "three are enough";
  pump(30);
  EXPECT_EQ(sent.size(), 1u);
  pump(31.2);
  EXPECT_EQ(sent.size(), 2u);
}

TEST_F(QuotaGateTest, AFaultInAPauseIsToldWithTheEndOfThePause) {
  auto a = arrive(0, "a"), b = arrive(0.1, "b");
  answer(a, minute(30), 0.5);
  clear();
  answer(b, fault(), 1);
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_FALSE(waiting[0].quota);
  EXPECT_NEAR(waiting[0].delay.count(), 29.875, 1e-6);
}

TEST_F(QuotaGateTest, AProbeThatExpiresIsFollowedBySecondsNotAHerd) {
  answer(arrive(0, "a", 20.7), minute(20, 60), 0.1);
  for (int i = 0; i < 5; ++i)
    arrive(1, "b");
  clear();
  pump(20.5);
  ASSERT_EQ(sent.size(), 1u);
  gate.withdraw(sent.front(), at(20.6));
  pump(20.65);
  EXPECT_EQ(sent.size(), 1u);
  ASSERT_TRUE(wake);
  pump((*wake - at(0).t).count());
  EXPECT_EQ(sent.size(), 2u);
}

TEST_F(QuotaGateTest, NothingIsSentAtItsDeadline) {
  auto r = rules();
  r.configured.rpm = 1;
  gate = quota_gate{r};
  auto a = arrive(0, "a", 61), b = arrive(0, "a", 61);
  (void)b;
  clear();
  expire(a, 61); // its pump must not send the other one
  EXPECT_TRUE(sent.empty());
  pump(61.5);
  EXPECT_TRUE(sent.empty());
}

// -- What is learned --------------------------------------------------------

TEST_F(QuotaGateTest, ADailyLimitIsLearnedFromADailyQuotaOnly) {
  answer(arrive(0), reply(reply_kind::day, 429, 700.0, quota_dim::rpm, 15),
         0.1);
  EXPECT_FALSE(gate.board(at(1)).rpd);
  EXPECT_EQ(gate.phase(), gate_phase::day_off) << "it stays long all the same";
  answer(arrive(701 + 200), day(), 902);
  EXPECT_EQ(gate.board(at(903)).rpd, 250);
}

TEST_F(QuotaGateTest, TheDayIsNeverCountedBelowNothing) {
  auto a = arrive(0);
  pump(5 * 3'600 + 10); // midnight meanwhile
  answer(a, minute(5), 5 * 3'600 + 11);
  EXPECT_EQ(gate.board(at(5 * 3'600 + 11)).day_requests, 0);
}

TEST_F(QuotaGateTest, ThreeBareRefusalsInferTheLimitAndQuietMinutesRaiseIt) {
  double t = 0;
  for (int i = 0; i < 4; ++i) {
    auto id = arrive(t, "a");
    answer(id, ok(), t + 1);
    t += 2;
  }
  auto id = arrive(t);
  for (int strike = 0; strike < 3; ++strike) {
    answer(id, reply(reply_kind::bare, 429), t + 0.1);
    ASSERT_EQ(gate.phase(), gate_phase::paused);
    ASSERT_TRUE(wake);
    EXPECT_NEAR((*wake - at(t + 0.1).t).count(), 5 * (1 << strike) + 0.5, 1e-6);
    t = (*wake - at(0).t).count();
    pump(t);
  }
  ASSERT_TRUE(gate.limits().rpm);
  auto inferred = *gate.limits().rpm;
  EXPECT_EQ(inferred, 4) << "what was admitted in the last minute";
  t = 200;
  pump(t);
  answer(id, ok(), t + 1);
  EXPECT_EQ(gate.limits().rpm, inferred + 1);
}

TEST_F(QuotaGateTest, EightSurprisesLowerTheLimitAndItComesBack) {
  auto r = rules();
  r.configured.rpm = 100;
  gate = quota_gate{r};
  double t = 0;
  for (int i = 0; i < 8; ++i) {
    auto id = arrive(t);
    answer(id, reply(reply_kind::minute, 429, 1.0), t + 0.1);
    pump(t + 1.6);
    answer(id, ok(), t + 1.7);
    t += 3;
  }
  EXPECT_EQ(gate.limits().rpm, 85);
  answer(arrive(t + 31), ok(), t + 32);
  EXPECT_EQ(gate.limits().rpm, 86);
}

// -- Restart ----------------------------------------------------------------

TEST_F(QuotaGateTest, ALostLedgerIsTakenForAFullMinute) {
  gate_memory m;
  m.model = "m";
  m.state = "open";
  m.rpm = 5;
  m.saved_at = at(-2).utc;
  gate.restore(m, at(0));
  arrive(0);
  EXPECT_TRUE(sent.empty());
  ASSERT_TRUE(wake);
  EXPECT_NEAR((*wake - at(0).t).count(), 58.25, 0.01);
  pump(58.3);
  EXPECT_EQ(sent.size(), 1u);
}

TEST_F(QuotaGateTest, ALostLedgerOfLongAgoHoldsNobody) {
  gate_memory m;
  m.model = "m";
  m.state = "open";
  m.rpm = 5;
  m.saved_at = at(-100).utc;
  gate.restore(m, at(0));
  arrive(0);
  EXPECT_EQ(sent.size(), 1u);
}

// -- What is said -----------------------------------------------------------

TEST_F(QuotaGateTest, ABatchIsToldAgainWhenItsWaitGrows) {
  auto r = rules();
  r.configured.rpm = 2;
  gate = quota_gate{r};
  for (int i = 0; i < 4; ++i)
    arrive(0.1 * i, "b");
  answer(1, ok(), 1);
  clear();
  answer(2, minute(0.4, 2), 1.1);
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_NEAR(waiting[0].delay.count(), 0.775, 1e-6);
  pump(2); // the pause is over, the minute is full
  ASSERT_EQ(waiting.size(), 2u);
  EXPECT_NEAR(waiting[1].delay.count(), 58.25, 0.3);
  for (double t = 3; t < 50; t += 1)
    pump(t);
  EXPECT_EQ(waiting.size(), 2u) << "the same instant is told once";
}

TEST_F(QuotaGateTest, ASteadyTrickleIsNotToldAtEveryRequest) {
  auto r = rules();
  r.configured.rpm = 15;
  gate = quota_gate{r};
  for (int i = 0; i < 15; ++i)
    answer(arrive(4 * i, "a"), ok(), 4 * i + 0.1);
  for (int i = 0; i < 100; ++i)
    arrive(60, "b");
  clear();
  for (double t = 60; t < 360; t += 0.25) {
    pump(t);
    for (auto id : std::exchange(sent, {}))
      answer(id, ok(), t + 0.1);
  }
  EXPECT_GE(waiting.size(), 4u);
  EXPECT_LE(waiting.size(), 12u);
}

// -- Another model ----------------------------------------------------------

TEST_F(QuotaGateTest, AnOutageOfMoreThanAMinuteLetsAnotherModelTry) {
  for (int i = 0; i < 8; ++i)
    arrive(0);
  double t = 0;
  auto step = [&] {
    for (auto id : std::exchange(sent, {}))
      answer(id, fault(), t);
    t += 0.05;
    pump(t);
  };
  while (t < 55)
    step();
  EXPECT_TRUE(gate.takes_work(at(t)));
  EXPECT_TRUE(gate.stranded(at(t)).empty());
  while (t < 75)
    step();
  EXPECT_FALSE(gate.takes_work(at(t)));
  auto moved = gate.stranded(at(t));
  EXPECT_EQ(moved.size(), gate.queued());
  for (auto id : moved)
    gate.withdraw(id, at(t));
  t = 120; // the breaker's step is over: one may ask how it is
  ASSERT_TRUE(gate.takes_work(at(t)));
  clear();
  auto id = arrive(t);
  ASSERT_TRUE(in_flight(id));
  EXPECT_FALSE(gate.takes_work(at(t + 0.1))) << "one at a time";
  answer(id, ok(), t + 2);
  EXPECT_TRUE(gate.takes_work(at(t + 2)));
}

} // namespace
