#include "domain/send_ledger.hpp"

#include <gtest/gtest.h>

using namespace vigie;

namespace {

instant at(double s) { return instant{seconds_f{s}}; }

double wait(const send_ledger& l, double now, std::optional<double> rpm,
            std::optional<double> tpm = {}, double tokens = 0) {
  return l.wait(at(now), tokens, {rpm, tpm}).count();
}

TEST(SendLedgerTest, WithoutALimitNothingWaits) {
  send_ledger l;
  for (uint64_t i = 0; i < 100; ++i)
    l.debit(i, at(0), 1'000);
  EXPECT_EQ(wait(l, 0, {}), 0);
}

TEST(SendLedgerTest, ASlidingMinuteFreesTheOldestFirst) {
  send_ledger l;
  l.debit(1, at(0), 0);
  l.debit(2, at(10), 0);
  EXPECT_EQ(wait(l, 20, 3), 0);
  EXPECT_DOUBLE_EQ(wait(l, 20, 2), 40.25);
  EXPECT_DOUBLE_EQ(wait(l, 20, 2.9), 40.25) << "no fractions of a request";
  EXPECT_EQ(wait(l, 60.25, 2), 0);
}

TEST(SendLedgerTest, ALimitBelowOneStillLetsOneThrough) {
  send_ledger l;
  EXPECT_EQ(wait(l, 0, 0.2), 0);
}

TEST(SendLedgerTest, ARefundFreesAndARefusalDoesNot) {
  send_ledger l;
  l.debit(1, at(0), 0);
  l.debit(2, at(1), 0);
  l.mark_refused(1);
  EXPECT_GT(wait(l, 2, 2), 0);
  l.refund(2);
  EXPECT_EQ(wait(l, 2, 2), 0);
  l.refund(7); // never heard of
  EXPECT_EQ(l.count(at(2)), 1u);
}

TEST(SendLedgerTest, AFixedMinuteBeginsAnewAtItsBoundary) {
  send_ledger l;
  l.kind = window_kind::fixed;
  l.boundary = at(100); // so also at 40 and 160
  l.debit(1, at(95), 0);
  l.debit(2, at(96), 0);
  EXPECT_DOUBLE_EQ(wait(l, 97, 2), 3.25);
  EXPECT_EQ(wait(l, 100.25, 2), 0);
}

TEST(SendLedgerTest, ABucketFillsAtItsPace) {
  send_ledger l;
  l.kind = window_kind::bucket;
  l.level = 0;
  l.level_at = at(0);
  EXPECT_DOUBLE_EQ(wait(l, 0, 15), 4.25);
  EXPECT_EQ(wait(l, 4, 15), 0);
  l.debit(1, at(4), 0);
  EXPECT_DOUBLE_EQ(wait(l, 4, 15), 4.25);
}

TEST(SendLedgerTest, TokensWaitForEnoughToLeave) {
  send_ledger l;
  l.debit(1, at(0), 400);
  l.debit(2, at(10), 500);
  EXPECT_EQ(wait(l, 20, {}, 1'000, 100), 0);
  EXPECT_DOUBLE_EQ(wait(l, 20, {}, 1'000, 200), 40.25);
  EXPECT_DOUBLE_EQ(wait(l, 20, {}, 1'000, 600), 50.25);
  l.settle(2, 100); // fewer than thought
  EXPECT_DOUBLE_EQ(wait(l, 20, {}, 1'000, 600), 40.25);
}

TEST(SendLedgerTest, MoreTokensThanTheQuotaIsForTheServerToDecide) {
  send_ledger l;
  EXPECT_EQ(wait(l, 0, {}, 1'000, 5'000), 0);
  l.debit(1, at(0), 400);
  EXPECT_DOUBLE_EQ(wait(l, 0, {}, 1'000, 5'000), 60.25) << "but alone";
}

TEST(SendLedgerTest, AFullLedgerPredictsTheDelayByWhatWasAdmitted) {
  send_ledger l;
  l.debit(1, at(0), 0);
  l.debit(2, at(10), 0);
  EXPECT_FALSE(l.predicted_delay(at(20), 3));
  EXPECT_DOUBLE_EQ(l.predicted_delay(at(20), 2)->count(), 40);
  l.mark_refused(2);
  EXPECT_FALSE(l.predicted_delay(at(20), 2));
}

TEST(SendLedgerTest, SlotsComeAMinuteAfterTheOnesBefore) {
  send_ledger l;
  l.debit(1, at(0), 0);
  slot_walker slots{l, at(5), 2};
  EXPECT_EQ(slots.next(), at(5));
  EXPECT_EQ(slots.next(), at(60.25));
  EXPECT_EQ(slots.next(), at(65.25));
}

} // namespace
