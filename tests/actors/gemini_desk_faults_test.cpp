// Over budget: outages, canaries, other models; what is learned in time.
#include "tests/actors/desk_fixture.hpp"

#include <gmock/gmock.h>

using namespace vigie;

namespace {

/// The calls lie at these seconds.
#define EXPECT_CALLS(...)                                                      \
  EXPECT_THAT(s->calls, testing::Pointwise(testing::DoubleNear(1e-3),          \
                                           std::vector<double>{__VA_ARGS__}))

TEST_F(DeskTest, AFaultIsAskedAgainLaterAndLater) {
  s->replies = {said(reply_kind::transient, 503),
                said(reply_kind::transient, 504),
                said(reply_kind::transient, 0)};
  open({rules()});
  auto n = ask("b");
  pass(60s);
  EXPECT_CALLS(0, 1, 3, 7);
  EXPECT_TRUE(told.at(n).told.answered);
  ASSERT_EQ(held.size(), 3u);
  for (auto& h : held)
    EXPECT_FALSE(h.quota);
  EXPECT_NEAR(held[2].delay.count(), 4, 1e-6);
  EXPECT_EQ(held[2].attempt, 4);
}

TEST_F(DeskTest, FiveFaultsInARowLeaveOneProbeAStep) {
  s->down = {"m"};
  open({rules()});
  for (int i = 0; i < 5; ++i)
    ask("b");
  pass(70s);
  EXPECT_CALLS(0, 0.05, 0.1, 0.15, 0.2, 5.2, 15.2, 35.2, 65.2);
  s->down.clear();
  pass(26s); // 95.2: the probe passes, and everybody after it
  ASSERT_EQ(told.size(), 5u);
  for (auto& [n, t] : told)
    EXPECT_TRUE(t.told.answered) << n;
}

TEST_F(DeskTest, AnOutageIsToldAsAnOutage) {
  s->down = {"m"};
  open({rules()});
  for (int i = 0; i < 12; ++i)
    ask("b", 12s);
  pass(12s);
  ASSERT_EQ(told.size(), 12u);
  for (auto& [n, t] : told)
    EXPECT_EQ(t.told.verdict, "provider_error") << n;
  for (auto& h : held)
    EXPECT_FALSE(h.quota);
}

TEST_F(DeskTest, SilenceIsToldAsAnOutage) {
  s->replies.assign(20, said(reply_kind::transient, never));
  open({rules()});
  for (int i = 0; i < 10; ++i)
    ask("b", 6s);
  pass(6s);
  EXPECT_EQ(s->calls.size(), 4u) << "careful while no limit is known";
  ASSERT_EQ(told.size(), 10u);
  for (auto& [n, t] : told)
    EXPECT_EQ(t.told.verdict, "provider_error") << n;
}

TEST_F(DeskTest, BillingIsAskedAboutOnceAnHour) {
  s->replies.assign(3, refusal(reply_kind::billing, std::nullopt));
  open({rules()});
  auto n = ask("a");
  EXPECT_EQ(told.at(n).told.scope, "billing");
  for (int i = 0; i < 30; ++i) {
    ask("b" + std::to_string(i));
    pass(300s); // 2.5 hours in all
  }
  EXPECT_CALLS(0, 3'600, 7'200);
  pass(1'800s);
  EXPECT_TRUE(told.at(ask("paid")).told.answered);
  auto next = ask("open again");
  pass(1s);
  EXPECT_TRUE(told.at(next).told.answered);
}

TEST_F(DeskTest, ASpentDayHoldsNobodyWhileTheServiceIsDown) {
  s->replies = {refusal(reply_kind::day, 39'043.0, quota_dim::rpd, 250)};
  open({rules()});
  ask("a");
  s->down = {"m"};
  pass(900s);
  for (int i = 0; i < 20; ++i) {
    auto n = ask("later");
    ASSERT_EQ(told.count(n), 1u) << "ended at once";
    EXPECT_EQ(told[n].told.scope, "day");
    pass(5s);
  }
  EXPECT_EQ(s->calls.size(), 2u) << "one canary";
}

TEST_F(DeskTest, WhatIsInFlightWhenTheDayEndsDoesNotHang) {
  s->replies = {said(reply_kind::transient, never),
                refusal(reply_kind::day, 40'000.0, quota_dim::rpd, 250)};
  open({rules()});
  auto slow = ask("a"), spent = ask("a");
  pass(1s);
  EXPECT_EQ(told.at(spent).told.scope, "day");
  ASSERT_EQ(told.count(slow), 0u) << "it may still be answered";
  pass(135s); // the longest a call may take, and its grace
  ASSERT_EQ(told.count(slow), 1u);
  EXPECT_EQ(told[slow].told.verdict, "quota_exceeded");
  EXPECT_EQ(told[slow].told.scope, "day");
  EXPECT_EQ(told[slow].told.reset_at, epoch + 40'000s + 50ms);
}

TEST_F(DeskTest, APauseBeyondItsBudgetEndsAnArrivalAtOnce) {
  s->replies = {refusal(reply_kind::minute, 300.0)};
  open({rules()});
  ask("a");
  held.clear();
  auto n = ask("b", 290s);
  ASSERT_EQ(told.count(n), 1u);
  EXPECT_EQ(told[n].told.verdict, "quota_exceeded");
  EXPECT_EQ(told[n].told.scope, "minute");
  EXPECT_TRUE(held.empty()) << "who ends is not told to wait";
}

TEST_F(DeskTest, AFullMinuteOfTokensIsWaitedFor) {
  auto r = rules();
  r.configured = {100, 2'500};
  open({r});
  for (int i = 0; i < 3; ++i)
    ask("b");
  pass(100s);
  EXPECT_CALLS(0, 0.05, 60.25);
}

TEST_F(DeskTest, TokensAMinuteAreLearnedFromOneRefusal) {
  s->replies = {said(reply_kind::ok, 200), said(reply_kind::ok, 200),
                refusal(reply_kind::minute, 10.0, quota_dim::tpm, 2'500)};
  open({rules()});
  for (int i = 0; i < 4; ++i)
    ask("b");
  pass(200s);
  // The refused request counts in our ledger: two have to leave it first.
  EXPECT_CALLS(0, 0.05, 0.1, 60.3, 60.35);
}

TEST_F(DeskTest, BareRefusalsBackOffByStrikesThenInferALimit) {
  s->replies.assign(3, refusal(reply_kind::bare, std::nullopt));
  open({rules()});
  auto n = ask("b");
  pass(100s);
  // 5, 10 and 20 s and a half; nothing was admitted: one a minute from now.
  EXPECT_CALLS(0, 5.5, 16, 76.25);
  EXPECT_TRUE(told.at(n).told.answered);
}

TEST_F(DeskTest, AFixedMinuteIsLearnedFromItsExactDelay) {
  auto r = rules();
  r.configured.rpm = 2;
  s->replies = {said(reply_kind::ok, 200), said(reply_kind::ok, 200),
                refusal(reply_kind::minute, 40.0, quota_dim::rpm, 2)};
  open({r});
  for (int i = 0; i < 5; ++i)
    ask("b");
  pass(300s);
  // Boundary at 100.25; a sliding minute would come at 160.875.
  EXPECT_CALLS(0, 0.05, 60.25, 100.625, 100.675, 160.5);
}

TEST_F(DeskTest, AnOutageOfMoreThanAMinuteFallsBack) {
  s->down = {"first"};
  open({rules("first"), rules("next")});
  std::vector<int> all;
  for (int i = 0; i < 12; ++i)
    all.push_back(ask("b"));
  pass(59s);
  EXPECT_TRUE(told.empty()) << "less than a minute is waited for";
  pass(31s);
  for (auto n : all) {
    ASSERT_TRUE(told.at(n).told.answered) << n;
    EXPECT_EQ(told.at(n).told.answer.model, "next");
  }
  auto before = s->calls.size();
  auto later = ask("c");
  EXPECT_TRUE(told.at(later).told.answered) << "at once by the other model";
  EXPECT_EQ(s->calls.size(), before + 1);
  s->down.clear();
  pass(60s);
  auto after = ask("d");
  EXPECT_EQ(told.at(after).told.answer.model, "first") << "asked again";
}

TEST_F(DeskTest, APauseBeyondTheBudgetFallsBack) {
  s->replies = {refusal(reply_kind::minute, 45.0, quota_dim::rpm, 15)};
  open({rules("first"), rules("next")});
  auto n = ask("b", 40s);
  EXPECT_EQ(told.at(n).told.answer.model, "next") << "refused itself";
  auto late = ask("c", 40s);
  pass(100ms); // between two requests
  EXPECT_EQ(told.at(late).told.answer.model, "next") << "came later";
  auto patient = ask("d", 100s);
  EXPECT_EQ(told.count(patient), 0u) << "a pause is no reason to change";
  pass(50s);
  EXPECT_EQ(told.at(patient).told.answer.model, "first");
}

TEST_F(DeskTest, WhoseBudgetIsSpentDoesNotFallBack) {
  auto r = rules("first");
  r.configured.rpm = 1;
  open({r, rules("next")});
  ask("b");
  auto n = ask("b", 30s);
  pass(31s);
  EXPECT_EQ(told.at(n).told.verdict, "quota_exceeded");
  EXPECT_EQ(told.at(n).told.scope, "budget");
  EXPECT_EQ(s->calls.size(), 1u);
}

} // namespace
