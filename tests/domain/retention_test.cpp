#include "domain/retention.hpp"

#include <gtest/gtest.h>

#include <ostream>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const utc_time now{100'000s};

/// Three batches of 10 bytes, changed 30, 20 and 10 s ago.
const std::vector<ended_batch> three{
    {{"a"}, now - 30s, 10}, {{"b"}, now - 20s, 10}, {{"c"}, now - 10s, 10}};

struct row {
  const char* what;
  retention_rules rules;
  uint64_t used; ///< Of 100.
  bool pressing;
  std::string doomed;
  bool pressing_after, helpless;
};

std::ostream& operator<<(std::ostream& out, const row& r) {
  return out << r.what;
}

struct RetentionTest : ::testing::TestWithParam<row> {};

TEST_P(RetentionTest, PlansAsTheTableSays) {
  auto& r = GetParam();
  auto plan = plan_retention(r.rules, now, three, {100, r.used}, r.pressing);
  std::string doomed;
  for (auto& id : plan.doomed)
    doomed += id.text;
  EXPECT_EQ(doomed, r.doomed);
  EXPECT_EQ(plan.pressing, r.pressing_after);
  EXPECT_EQ(plan.helpless, r.helpless);
}

INSTANTIATE_TEST_SUITE_P(
    All, RetentionTest,
    ::testing::Values(
        row{"off by default", {}, 100, false, "", false, false},
        row{"age", {15s, 0, 0}, 100, false, "ab", false, false},
        row{"exactly as old as allowed",
            {20s, 0, 0},
            0,
            false,
            "a",
            false,
            false},
        row{"nothing is old enough", {60s, 0, 0}, 0, false, "", false, false},
        row{"exactly high is not fuller",
            {0s, 90, 80},
            90,
            false,
            "",
            false,
            false},
        row{"down to low", {0s, 90, 80}, 91, false, "ab", true, false},
        row{"on until below low", {0s, 90, 80}, 85, true, "a", true, false},
        row{"between low and high it stays calm",
            {0s, 90, 80},
            85,
            false,
            "",
            false,
            false},
        row{"at low it ends", {0s, 90, 80}, 80, true, "", false, false},
        row{"not enough left", {0s, 90, 50}, 99, false, "abc", true, false},
        row{"age and disk", {25s, 90, 80}, 95, false, "ab", true, false},
        row{"a bounded run", {1s, 0, 0, 2}, 0, false, "ab", false, false}));

TEST(RetentionEdgeTest, WithoutABatchThatMayGoItIsHelpless) {
  EXPECT_TRUE(plan_retention({0s, 90, 80}, now, {}, {100, 95}, false).helpless);
  EXPECT_FALSE(plan_retention({1s, 0, 0}, now, {}, {}, false).helpless);
}

} // namespace
