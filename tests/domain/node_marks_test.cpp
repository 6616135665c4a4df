#include "domain/node_marks.hpp"

#include <gtest/gtest.h>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct NodeMarksTest : ::testing::Test {
  node_marks marks;
  node_marks::time now{1h};

  bool broke(int64_t file, bool fresh = true) {
    return marks.broke({file % 2 == 0 ? "even" : "odd", file}, fresh, now);
  }
  void bench() {
    broke(1);
    broke(2);
    EXPECT_TRUE(broke(3));
  }
};

TEST_F(NodeMarksTest, ThreeFilesInARowAreTooMany) {
  EXPECT_FALSE(broke(1));
  EXPECT_FALSE(broke(2));
  EXPECT_FALSE(marks.benched(now));
  EXPECT_TRUE(broke(3));
  EXPECT_TRUE(marks.benched(now));
  EXPECT_EQ(marks.left(now), 30s);
  EXPECT_EQ(marks.files(), 3u);
}

TEST_F(NodeMarksTest, OneFileAgainAndAgainSpeaksOfItself) {
  for (int i = 0; i < 20; ++i)
    EXPECT_FALSE(broke(1, i == 0));
  broke(2);
  EXPECT_FALSE(broke(7, false)) << "it broke here before the last answer";
}

TEST_F(NodeMarksTest, AnAnswerWipesThemOut) {
  broke(1);
  broke(2);
  EXPECT_FALSE(marks.answered());
  EXPECT_FALSE(broke(3));
  broke(4);
  EXPECT_TRUE(broke(5));
  EXPECT_TRUE(marks.answered());
  EXPECT_FALSE(marks.benched(now));
  EXPECT_FALSE(marks.on_trial(now));
  bench();
  EXPECT_EQ(marks.pause(), 30s) << "from the start";
}

TEST_F(NodeMarksTest, AfterThePauseItIsOnTrialAndThePauseDoubles) {
  bench();
  now += 29'999ms;
  EXPECT_TRUE(marks.benched(now));
  EXPECT_FALSE(broke(4)) << "it was at this before";
  EXPECT_EQ(marks.left(now), 1ms);
  now += 1ms;
  EXPECT_FALSE(marks.benched(now));
  EXPECT_TRUE(marks.on_trial(now));
  int64_t file = 10;
  for (auto pause : {60s, 120s, 240s, 480s, 600s, 600s}) {
    EXPECT_TRUE(broke(++file));
    EXPECT_EQ(marks.left(now), pause);
    now += pause;
  }
  EXPECT_TRUE(broke(file, false)) << "one break of a trial is enough";
}

TEST_F(NodeMarksTest, FilesOfOneBatchKeepOthersWaitingForNothing) {
  for (int64_t file : {1, 2, 3, 4})
    marks.broke({"b", file}, true, now);
  EXPECT_EQ(marks.left(now), 2s);
  EXPECT_TRUE(marks.refuses("b", now));
  EXPECT_FALSE(marks.refuses("c", now));
  EXPECT_TRUE(marks.in_doubt());
  now += 2s;
  EXPECT_FALSE(marks.refuses("b", now));
  EXPECT_TRUE(marks.broke({"b", 5}, true, now));
  EXPECT_EQ(marks.left(now), 2s) << "never longer for one batch";
  EXPECT_TRUE(marks.broke({"c", 1}, true, now)) << "it is the node, after all";
  EXPECT_EQ(marks.left(now), 30s);
  EXPECT_TRUE(marks.refuses("c", now));
  EXPECT_TRUE(marks.refuses("d", now));
}

TEST_F(NodeMarksTest, ATrialWithAFileThatBrokeHereDoesNotDoubleThePause) {
  bench();
  now += 30s;
  EXPECT_TRUE(broke(1, false));
  EXPECT_EQ(marks.left(now), 30s);
}

} // namespace
