#include "remote/refusal_limiter.hpp"
#include "remote/refusal_log.hpp"

#include <gmock/gmock.h>

using namespace vigie;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

class RefusalTest : public testing::Test {
protected:
  /// Handshakes that begin, of `n` attempts spread over `span`; all fail.
  int admitted(const std::string& address, int n,
               std::chrono::milliseconds span) {
    auto count = 0;
    for (int i = 0; i < n; ++i) {
      count += limiter.admit(address, now);
      now += span / n;
    }
    return count;
  }

  refusal_limiter limiter;
  refusal_log log;
  refusal_limiter::time now{};
};

} // namespace

TEST_F(RefusalTest, AGoodAddressIsNeverHeldBackNorRemembered) {
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(limiter.admit("10.0.0.1", now));
    limiter.succeeded("10.0.0.1", now);
  }
  EXPECT_EQ(limiter.size(), 0u);
}

TEST_F(RefusalTest, AfterTenFailuresOnlyATricklePasses) {
  EXPECT_EQ(admitted("10.0.0.9", 1'000, 0ms), 11); // ten and one of the trickle
  auto later = admitted("10.0.0.9", 10'000, 10'000ms);
  EXPECT_GE(later, 900);
  EXPECT_LE(later, 1'005);
}

TEST_F(RefusalTest, OthersAreNotHeldBack) {
  admitted("10.0.0.9", 1'000, 0ms);
  EXPECT_TRUE(limiter.admit("10.0.0.1", now));
}

TEST_F(RefusalTest, AMinuteLaterTheBurstIsWholeAgain) {
  admitted("10.0.0.9", 1'000, 0ms);
  now += 60s;
  EXPECT_EQ(admitted("10.0.0.9", 1'000, 0ms), 11);
}

TEST_F(RefusalTest, UnfinishedHandshakesCountUntilTheyAreGood) {
  admitted("10.0.0.9", 11, 0ms);
  EXPECT_FALSE(limiter.admit("10.0.0.9", now));
  limiter.succeeded("10.0.0.9", now);
  EXPECT_TRUE(limiter.admit("10.0.0.9", now));
}

TEST_F(RefusalTest, MemoryIsBoundedAndTheWorstAreKept) {
  limiter = refusal_limiter{{10, 60s, 20, 100}};
  admitted("10.0.0.9", 1'000, 0ms);
  for (int i = 0; i < 1'000; ++i)
    limiter.admit("10.1.0." + std::to_string(i), now);
  EXPECT_EQ(limiter.size(), 100u);
  EXPECT_FALSE(limiter.admit("10.0.0.9", now));
}

TEST_F(RefusalTest, TheFirstIsToldAtOnceAndTheRestInOneLine) {
  EXPECT_EQ(log.note("10.0.0.9", refusal::no_certificate, "", now),
            "refused a connection from 10.0.0.9: no certificate");
  for (int i = 0; i < 1'233; ++i)
    EXPECT_EQ(log.note("10.0.0.9", refusal::no_certificate, "", now), "");
  log.note("10.0.0.9", refusal::not_tls, "", now);
  EXPECT_THAT(log.due(now + 9s), IsEmpty());
  EXPECT_THAT(log.due(now + 10s),
              ElementsAre("refused 1234 connections from 10.0.0.9 in the last "
                          "10 s: not TLS (1), no certificate (1233)"));
  EXPECT_THAT(log.due(now + 20s), IsEmpty());
  EXPECT_NE(log.note("10.0.0.9", refusal::silent, "", now + 20s), "");
}

TEST_F(RefusalTest, TheDetailOfTheFirstIsTold) {
  EXPECT_EQ(log.note("10.0.0.9", refusal::not_registered,
                     "node-a: revoked since T", now),
            "refused a connection from 10.0.0.9: not in the register, revoked "
            "or expired (node-a: revoked since T)");
}

TEST_F(RefusalTest, ManyAddressesShareARow) {
  auto lines = 0;
  for (int i = 0; i < 5'000; ++i)
    lines += !log.note(std::to_string(i), refusal::silent, "", now).empty();
  EXPECT_EQ(lines, 1'025);
  EXPECT_EQ(log.due(now + 10s).size(), 1u);
}
