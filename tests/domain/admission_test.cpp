#include "domain/admission.hpp"
#include "domain/sse.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const utc_time t0{1'000'000s};

TEST(AdmissionTest, WhatArrivesIsCountedWithWhatIsAtWork) {
  admission a{{10, 100}};
  a.begin({"x"}, 60);
  EXPECT_FALSE(a.arrive(30, true, t0));
  auto why = a.arrive(20, true, t0);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->id, code::busy);
  EXPECT_NE(why->detail.find("the limit is 100, there are 90"),
            std::string::npos)
      << why->detail;
  a.depart(30);
  EXPECT_FALSE(a.arrive(40, true, t0));
}

TEST(AdmissionTest, AnUploadThatGrowsIsStoppedAtTheLimit) {
  admission a{{10, 100}};
  EXPECT_FALSE(a.arrive(0, true, t0));
  EXPECT_FALSE(a.arrive(100, false, t0));
  EXPECT_TRUE(a.arrive(1, false, t0));
}

TEST(AdmissionTest, UploadsCountAsBatches) {
  admission a{{2, 0}};
  a.begin({"x"}, 1);
  EXPECT_FALSE(a.arrive(0, true, t0));
  auto why = a.arrive(0, true, t0);
  ASSERT_TRUE(why);
  EXPECT_NE(why->detail.find("the limit is 2, there are 2"), std::string::npos);
  EXPECT_FALSE(a.refuses({"y"}, 1, t0)) << "exact: an upload is no batch yet";
}

TEST(AdmissionTest, ABatchAtWorkIsNotCountedTwice) {
  admission a{{1, 100}};
  a.begin({"x"}, 80);
  a.begin({"x"}, 80);
  EXPECT_EQ(a.bytes(), 80u);
  EXPECT_FALSE(a.refuses({"x"}, 80, t0));
  EXPECT_TRUE(a.refuses({"y"}, 1, t0));
  EXPECT_TRUE(a.leave({"x"}));
  EXPECT_FALSE(a.leave({"x"}));
  EXPECT_EQ(a.bytes(), 0u);
}

TEST(AdmissionTest, WhenToComeAgainFollowsThePaceOfEnds) {
  admission a{{1, 0}};
  a.begin({"z"}, 1);
  EXPECT_EQ(a.refuses({"y"}, 1, t0)->retry_after, 5s) << "nothing known yet";
  for (auto n = 0; n < 4; ++n) { // one in 10 s
    a.begin({"x"}, 1);
    a.end({"x"}, t0 + n * 10s);
  }
  EXPECT_EQ(a.refuses({"y"}, 1, t0 + 40s)->retry_after, 10s);
  EXPECT_EQ(a.refuses({"y"}, 1, t0 + 1h)->retry_after, 60s) << "at most";
  EXPECT_EQ(a.refuses({"y"}, 1, t0 + 1s)->retry_after, 1s) << "at least";
}

TEST(AdmissionTest, BytesHaveAPaceOfTheirOwn) {
  admission a{{100, 1'000}};
  a.begin({"x"}, 500);
  a.end({"x"}, t0);
  a.begin({"z"}, 1'000);
  EXPECT_EQ(a.refuses({"y"}, 250, t0 + 20s)->retry_after, 10s);
}

TEST(FarewellTest, EveryStreamComesBackAtATimeOfItsOwnWithinTenSeconds) {
  std::set<std::string> all;
  for (auto n = 0; n < 1'000; ++n)
    all.insert(sse_farewell(n / 1'000.0));
  EXPECT_EQ(all.size(), 1'000u);
  EXPECT_EQ(sse_farewell(0), "retry: 1000\n\n");
  EXPECT_EQ(sse_farewell(0.99999999), "retry: 10000\n\n");
}

} // namespace
