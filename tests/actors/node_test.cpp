#include "tests/actors/node_fixture.hpp"

#include <gmock/gmock.h>

using namespace vigie;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

struct NodeTest : NodeFixture {
  void TearDown() override {
    EXPECT_EQ(misplaced(), "");
    ActorTest::TearDown();
  }
  std::vector<uint64_t> beaten() {
    pass(2s);
    return server_->beats.back();
  }
};

TEST_F(NodeTest, JoinsAndPullsOncePerSlot) {
  start(3);
  EXPECT_THAT(server_->heard, ElementsAre("join", "pull", "pull", "pull"));
  EXPECT_EQ(prepared, 1);
  EXPECT_GE(slots[0]->warmed, 1);
  pass(60s);
  EXPECT_EQ(count("pull"), 3u) << "a pull waits for its answer";
}

TEST_F(NodeTest, AJobOfASharedDiskGoesStraightToItsSlot) {
  start(1);
  give(job(7));
  ASSERT_EQ(slots[0]->work.size(), 1u);
  EXPECT_EQ(slots[0]->work[0].first.path, "/store/b/7");
  EXPECT_EQ(count("pull"), 1u);
}

TEST_F(NodeTest, AJobFromAfarGoesThroughTheCache) {
  start(1, true);
  give(job(7));
  EXPECT_TRUE(slots[0]->work.empty());
  ASSERT_EQ(store_->asks.size(), 1u);
  EXPECT_EQ(store_->asks[0].job.token, 7u) << "what the server knows it by";
  fetched();
  ASSERT_EQ(slots[0]->work.size(), 1u);
  EXPECT_EQ(slots[0]->work[0].first.path, "/cache/7");
  EXPECT_EQ(store_->pinned.size(), 1u);
  ends(0);
  EXPECT_THAT(store_->pinned, IsEmpty());
}

TEST_F(NodeTest, TellsItsActorsWhenItIsAsked) {
  start(1);
  caf::anon_send(me, report_atom_v, uint64_t{9});
  settle();
  EXPECT_EQ(count("actors 9"), 0u) << "a look takes its time";
  pass(500ms);
  EXPECT_EQ(count("actors 9"), 1u);
}

TEST_F(NodeTest, AnEmptyAnswerIsAskedAgain) {
  start(1);
  give(analysis_job{});
  EXPECT_EQ(count("pull"), 2u);
}

TEST_F(NodeTest, AResultIsSentAndTheSlotPullsOn) {
  start(1);
  server_->slow = true;
  give(job(7));
  ends(0);
  EXPECT_EQ(count("result 7"), 1u);
  EXPECT_EQ(count("pull"), 2u) << "before the server has answered";
  EXPECT_THAT(beaten(), ElementsAre(7)) << "until the server has it";
  server_->reports[0].deliver(true);
  settle();
  EXPECT_THAT(beaten(), IsEmpty());
}

TEST_F(NodeTest, ASlotThatBrokeIsToldWithItsReason) {
  start(1);
  give(job(7));
  ends(0, "crash");
  EXPECT_EQ(count("broken 7 crash"), 1u);
  EXPECT_EQ(count("pull"), 2u);
}

TEST_F(NodeTest, WhatIsNotTheJobsFaultIsGivenBack) {
  start(1);
  give(job(7));
  ends(0, "start");
  EXPECT_EQ(count("undone 7"), 1u);
  give(job(8));
  ends(0, "aborted");
  EXPECT_EQ(count("undone 8"), 1u);
}

TEST_F(NodeTest, BeatsWithWhatItHolds) {
  start(3);
  EXPECT_THAT(beaten(), IsEmpty());
  give(job(7));
  give(job(8));
  EXPECT_THAT(beaten(), ElementsAre(7, 8));
  ends(0);
  EXPECT_THAT(beaten(), ElementsAre(8));
  auto before = server_->beats.size();
  pass(20s);
  EXPECT_EQ(server_->beats.size(), before + 10);
}

TEST_F(NodeTest, AStaleLeaseIsAborted) {
  start(1);
  give(job(7));
  server_->stale = {7, 99};
  pass(2s);
  EXPECT_EQ(slots[0]->aborted.size(), 1u);
  EXPECT_EQ(slots[0]->aborted[0], slots[0]->work[0].first.token);
  pass(10s);
  EXPECT_EQ(slots[0]->aborted.size(), 1u) << "once";
  ends(0, "aborted");
  EXPECT_THAT(server_->heard, ElementsAre("join", "pull", "pull"))
      << "nobody waits for a word about it";
}

TEST_F(NodeTest, AStoppedFetchNeverReachesItsSlot) {
  start(1, true);
  give(job(7));
  stop(7);
  EXPECT_THAT(beaten(), IsEmpty());
  fetched();
  EXPECT_TRUE(slots[0]->work.empty());
  EXPECT_THAT(store_->pinned, IsEmpty());
  EXPECT_THAT(server_->heard, ElementsAre("join", "pull", "pull"));
}

TEST_F(NodeTest, AStoppedFetchThatFailsIsNotGivenBack) {
  start(1, true);
  give(job(7));
  stop(7);
  not_fetched();
  EXPECT_THAT(server_->heard, ElementsAre("join", "pull", "pull"));
  EXPECT_EQ(said("cannot fetch"), 0u);
}

TEST_F(NodeTest, AStoppedJobIsNotReported) {
  start(1);
  give(job(7));
  stop(7);
  stop(7);
  EXPECT_EQ(slots[0]->aborted.size(), 1u);
  ends(0);
  EXPECT_THAT(server_->heard, ElementsAre("join", "pull", "pull"));
}

TEST_F(NodeTest, AStopAfterTheReportIsForNobody) {
  start(1);
  server_->slow = true;
  give(job(7));
  ends(0);
  stop(7);
  EXPECT_THAT(slots[0]->aborted, IsEmpty());
  server_->reports[0].deliver(true);
  settle();
  stop(7);
  EXPECT_TRUE(state().holds.empty());
}

TEST_F(NodeTest, AFileThatCannotBeHadIsGivenBackAndTheSlotRests) {
  start(1, true);
  give(job(7));
  not_fetched();
  EXPECT_EQ(count("undone 7"), 1u);
  EXPECT_EQ(count("pull"), 1u) << "or it would get the same job at once";
  pass(2s);
  EXPECT_EQ(count("pull"), 2u);
  EXPECT_EQ(said("cannot fetch"), 1u);
}

TEST_F(NodeTest, AllIsAbortedWhenTheLineIsCut) {
  start(2);
  give(job(7));
  give(job(8));
  cut();
  EXPECT_EQ(slots[0]->aborted.size(), 1u);
  EXPECT_EQ(slots[1]->aborted.size(), 1u);
  ends(0);
  pass(500ms);
  ends(1, "aborted");
  EXPECT_EQ(count("result 7") + count("undone 8"), 0u);
  EXPECT_EQ(count("join"), 2u);
  EXPECT_EQ(count("pull"), 4u);
}

TEST_F(NodeTest, TheDialPauseGrowsToTenSeconds) {
  up = false;
  start(1);
  std::vector<caf::timespan> pauses{350ms,  700ms, 1400ms, 2800ms,
                                    5600ms, 10s,   10s};
  auto expected = 1;
  for (auto pause : pauses) {
    pass(pause - 1ms);
    EXPECT_EQ(dials, expected);
    pass(1ms);
    EXPECT_EQ(dials, ++expected);
  }
  EXPECT_EQ(said("cannot reach"), 1u) << "said once";
  up = true;
  pass(10s);
  cut();
  pass(500ms);
  EXPECT_EQ(count("join"), 2u) << "from the start again";
}

TEST_F(NodeTest, EverySlotPullsAfterARejoin) {
  start(3);
  give(job(7));
  cut(); // two pulls are in flight
  pass(500ms);
  EXPECT_EQ(server_->pulls.size(), 2u);
  ends(0);
  EXPECT_EQ(server_->pulls.size(), 3u);
}

TEST_F(NodeTest, AnAnswerOfTheOldConnectionIsVoid) {
  start(1);
  auto old = std::move(server_->pulls.front());
  server_->pulls.clear();
  server_->ill = true;
  pass(2s); // the beat is refused: a new connection to the same server
  server_->ill = false;
  pass(500ms);
  ASSERT_EQ(count("join"), 2u);
  old.deliver(job(7));
  settle();
  EXPECT_TRUE(slots[0]->work.empty());
  EXPECT_EQ(count("pull"), 2u);
  give(job(8));
  EXPECT_EQ(slots[0]->work.size(), 1u);
}

TEST_F(NodeTest, AnOldReportThatIsTakenLateIsVoid) {
  start(1);
  server_->slow = true;
  give(job(7));
  ends(0);
  auto old = std::move(server_->reports.front());
  server_->pulls.clear();
  server_->ill = true;
  pass(2s);
  server_->ill = false;
  pass(500ms);
  give(job(7)); // it is done again
  old.deliver(true);
  settle();
  EXPECT_THAT(beaten(), ElementsAre(7));
}

TEST_F(NodeTest, TheTokensOfARestartedServerMayBeTheSame) {
  start(2, true);
  give(job(1));
  give(job(2));
  fetched();
  cut(); // 1 runs, 2 is on its way
  pass(500ms);
  fetched(); // 2 is here: for nobody
  EXPECT_EQ(server_->pulls.size(), 1u);
  give(job(1)); // another one
  ends(0, "aborted");
  fetched();
  ASSERT_EQ(slots[1]->work.size(), 1u);
  EXPECT_THAT(slots[1]->aborted, IsEmpty());
  EXPECT_NE(slots[1]->work[0].first.token, slots[0]->aborted.at(0))
      << "an old abort must not meet a new job";
  ends(1);
  EXPECT_EQ(count("result 1"), 1u);
  EXPECT_THAT(store_->pinned, IsEmpty());
}

TEST_F(NodeTest, ARefusalIsLoggedOnceAndTriedAgain) {
  server_->refusal = "version 1 may not join";
  start(1);
  EXPECT_EQ(said("version 1 may not join"), 1u);
  pass(20s);
  EXPECT_GE(count("join"), 4u);
  EXPECT_EQ(said("version 1 may not join"), 1u);
  EXPECT_EQ(count("pull"), 0u);
  EXPECT_TRUE(server_->beats.empty());
  server_->refusal.clear();
  pass(10s);
  EXPECT_EQ(count("pull"), 1u);
}

TEST_F(NodeTest, WhoDrainsFinishesAndLeaves) {
  start(2);
  give(job(7));
  drain();
  drain();
  give(analysis_job{}); // the pull of the other slot
  EXPECT_EQ(left, 0);
  pass(19s);
  EXPECT_EQ(left, 0);
  ends(0);
  EXPECT_EQ(count("result 7"), 1u);
  EXPECT_EQ(count("left"), 1u);
  EXPECT_EQ(count("pull"), 2u) << "none since";
  EXPECT_EQ(left, 1);
  pass(60s);
  EXPECT_EQ(left, 1);
  EXPECT_EQ(count("join"), 1u);
}

TEST_F(NodeTest, ADrainEndsWithItsBound) {
  start(3, true);
  give(job(7));
  fetched();
  give(job(8)); // its file is on its way
  drain();
  pass(20s);
  EXPECT_EQ(count("undone 7"), 1u);
  EXPECT_EQ(count("undone 8"), 1u);
  EXPECT_EQ(slots[0]->aborted.size(), 1u);
  EXPECT_EQ(left, 0) << "the slot has not ended";
  fetched(); // for nobody
  EXPECT_TRUE(slots[1]->work.empty());
  EXPECT_EQ(misplaced(), "");
  ends(0, "aborted");
  EXPECT_EQ(left, 1);
  EXPECT_EQ(count("undone 7"), 1u);
  EXPECT_THAT(store_->pinned, IsEmpty());
}

TEST_F(NodeTest, AFetchThatFailsAfterTheBoundIsForNobody) {
  start(2, true);
  give(job(7));
  fetched();
  give(job(8));
  drain();
  pass(20s);
  not_fetched();
  EXPECT_EQ(count("undone 8"), 1u);
  ends(0, "aborted");
  EXPECT_EQ(left, 1);
}

TEST_F(NodeTest, WhoIsNotConnectedLeavesAtOnce) {
  up = false;
  start(1);
  drain();
  EXPECT_EQ(left, 1);
  up = true;
  pass(60s);
  EXPECT_EQ(count("join"), 0u);
  EXPECT_EQ(left, 1);
}

TEST_F(NodeTest, ADrainThatLosesTheServerLeavesWithoutIt) {
  start(1);
  give(job(7));
  drain();
  cut();
  EXPECT_EQ(left, 0);
  ends(0, "aborted");
  EXPECT_EQ(left, 1);
  pass(60s);
  EXPECT_EQ(count("join"), 1u);
}

TEST_F(NodeTest, AJobThatComesWhileDrainingIsGivenBack) {
  start(2, true);
  give(job(7));
  drain();
  give(job(8));
  EXPECT_EQ(count("undone 8"), 1u);
  EXPECT_EQ(count("pull"), 2u);
  EXPECT_EQ(left, 0);
  fetched();
  ends(0);
  EXPECT_EQ(left, 1);
}

TEST_F(NodeTest, AServerThatDoesNotAnswerTheGoodbyeIsLeft) {
  start(1);
  server_->slow = true;
  drain();
  EXPECT_EQ(left, 0);
  pass(5s);
  EXPECT_EQ(left, 1);
}

} // namespace
