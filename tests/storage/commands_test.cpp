// Cancel, retry, delete, as the store takes them.
#include "storage/files.hpp"
#include "tests/storage/fixture.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <fstream>

using namespace vigie;

namespace {

struct CommandStoreTest : StoreTest {
  batch_id id{"b"};
  file_id file;

  void SetUp() override {
    StoreTest::SetUp();
    ASSERT_TRUE(post("b"));
    file = store->load(id).value().files.at(0).id;
  }
  outcome<change_answer> cancel() {
    auto event = draft("pipeline:cancelled", utc_now(), {});
    event.status = batch_status::cancelled;
    return apply({id, status_change{batch_status::cancelled, {}}, {event}});
  }
  outcome<change_answer> complete() {
    return apply({id, status_change{batch_status::completed, {}}, {}});
  }
  outcome<change_answer> retry() {
    event_draft event;
    event.at = utc_now();
    event.status = batch_status::processing;
    return apply({id, batch_retry{}, {event}});
  }
  outcome<change_answer> erase() {
    event_draft event;
    event.at = utc_now();
    event.deleted = true;
    return apply({id, erasure{}, {event}});
  }
  void stands(stage what, bool ok = true) {
    ASSERT_TRUE(apply({id, result_of(file, what, ok), {}}));
  }
  void whole_file() {
    for (auto what : {stage::metadata, stage::vision, stage::text})
      stands(what);
  }
  void through_gemini(std::string status) {
    ASSERT_TRUE(apply({id, join_result{}, {}}));
    gemini_result g;
    g.record.status = std::move(status);
    g.record.created_at = utc_now();
    ASSERT_TRUE(apply({id, g, {}}));
    ASSERT_TRUE(apply({id, score_result{}, {}}));
  }
  batch_view view() { return reading->snapshot(id).value(); }
  batch_state state() { return store->load(id).value(); }
  std::vector<std::string> log() {
    std::vector<std::string> out;
    auto slice = reading->events_after(0, 100);
    for (auto& e : slice.value().events)
      out.push_back(e.data);
    return out;
  }
  int rows_of_the_batch() {
    SQLite::Database db{options.database.string()};
    int n = 0;
    for (auto table : {"batch_files", "processing_events", "ocr_texts",
                       "stage_results", "vision_observations", "gemini_runs",
                       "gemini_analyses", "risk_scores", "batch_reports"})
      n += db.execAndGet(std::string{"SELECT count(*) FROM "} + table
                         + " WHERE batch_id='b'")
               .getInt();
    return n;
  }
};

TEST_F(CommandStoreTest, OfCancelAndCompletionExactlyOneWins) {
  EXPECT_EQ(cancel().value().how, applied::yes);
  auto late = complete();
  EXPECT_EQ(late.value().how, applied::duplicate);
  EXPECT_EQ(view().status, batch_status::cancelled);
  EXPECT_EQ(view().timeline.back().code, "pipeline:cancelled");
  EXPECT_TRUE(store->unfinished().value().empty()) << "a restart resumes it";

  ASSERT_TRUE(post("c"));
  id = {"c"};
  EXPECT_EQ(complete().value().how, applied::yes);
  EXPECT_EQ(cancel().value().how, applied::duplicate);
  EXPECT_EQ(view().status, batch_status::completed);
}

TEST_F(CommandStoreTest, ACancelClosesTheOpenAnalysis) {
  gemini_begun begun;
  begun.record.status = "pending";
  begun.record.created_at = utc_now();
  begun.run.begun_at = begun.run.deadline = utc_now();
  begun.run.resume_at = utc_now();
  ASSERT_TRUE(apply({id, begun, {}}));
  ASSERT_EQ(view().gemini_status, "pending");
  ASSERT_TRUE(cancel());
  EXPECT_EQ(view().gemini_status, "failed");
  EXPECT_FALSE(view().gemini->resume_at) << "nobody waits any more";
  EXPECT_FALSE(state().run);
  auto record = reading->analyses(id).value().at(0);
  EXPECT_EQ(record.status, "failed");
  EXPECT_EQ(record.warnings, std::vector<std::string>{"gemini-interrupted"});
}

TEST_F(CommandStoreTest, ARetryKeepsWhatStands) {
  stands(stage::metadata);
  ASSERT_TRUE(cancel());
  auto answer = retry();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().how, applied::restarted);
  EXPECT_EQ(answer.value().events.at(0).data,
            R"({"batchId":"b","status":"processing"})");
  EXPECT_EQ(view().status, batch_status::processing);
  ASSERT_EQ(state().done.size(), 1u);
  EXPECT_EQ(state().done.at(0).what, stage::metadata);
}

TEST_F(CommandStoreTest, ARetriedFileIsDoneWhicheverStageCameLast) {
  stands(stage::metadata);
  stands(stage::vision, false);
  stands(stage::text);
  ASSERT_TRUE(complete());
  EXPECT_EQ(view().files.at(0).status, file_status::failed);
  ASSERT_TRUE(retry()) << "a failed file of a completed batch";
  EXPECT_TRUE(view().files.at(0).warnings.empty()) << "told of a past failure";
  EXPECT_EQ(state().done.size(), 2u);
  stands(stage::vision);
  EXPECT_EQ(view().files.at(0).status, file_status::done);
}

TEST_F(CommandStoreTest, ACleanCompletedBatchHasNothingToRedo) {
  whole_file();
  ASSERT_TRUE(complete());
  auto refused = retry();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.why().id, code::batch_ended);
  EXPECT_EQ(view().status, batch_status::completed);
}

TEST_F(CommandStoreTest, ABatchAtWorkIsNeitherRetriedNorDeleted) {
  EXPECT_EQ(retry().why().id, code::batch_busy);
  EXPECT_EQ(erase().why().id, code::batch_busy);
  EXPECT_TRUE(fs::exists(root / "b" / "n.txt"));
  EXPECT_FALSE(has_mark(root / "b"));
}

TEST_F(CommandStoreTest, WhatIsDrawnFromTheFilesStandsWithThem) {
  whole_file();
  through_gemini("ok");
  ASSERT_TRUE(apply({id, status_change{batch_status::failed, "disk"}, {}}));
  ASSERT_TRUE(retry());
  EXPECT_TRUE(state().joined);
  EXPECT_EQ(state().done_after.size(), 2u) << "gemini and scoring";
}

TEST_F(CommandStoreTest, AnAnalysisThatIsNotWholeIsDoneAgain) {
  whole_file();
  through_gemini("quota_exceeded");
  ASSERT_TRUE(apply({id, status_change{batch_status::failed, "quota"}, {}}));
  ASSERT_TRUE(retry());
  EXPECT_TRUE(state().joined);
  EXPECT_TRUE(state().done_after.empty()) << "gemini, and what rests on it";
}

TEST_F(CommandStoreTest, ANewResultOfAFileRedoesWhatWasDrawnFromAll) {
  stands(stage::metadata);
  stands(stage::vision);
  stands(stage::text, false);
  through_gemini("ok");
  ASSERT_TRUE(complete());
  ASSERT_TRUE(retry());
  EXPECT_FALSE(state().joined);
  EXPECT_TRUE(state().done_after.empty());
}

TEST_F(CommandStoreTest, ADeletedBatchLeavesNoRowAndNoFile) {
  auto seen = result_of(file, stage::vision);
  seen.result.thumbnail_jpeg = "jpeg";
  seen.result.observations.emplace_back().filename = "n.txt";
  ASSERT_TRUE(apply({id, seen, {}}));
  ASSERT_TRUE(apply({id, report_result{"%PDF", "hash"}, {}}));
  ASSERT_TRUE(complete());
  ASSERT_TRUE(fs::exists(root / "reports" / "report-b.pdf"));
  ASSERT_TRUE(erase());
  EXPECT_EQ(reading->snapshot(id).why().id, code::no_such_batch);
  EXPECT_TRUE(reading->list({}).value().items.empty());
  EXPECT_EQ(rows_of_the_batch(), 0);
  EXPECT_FALSE(fs::exists(root / "b"));
  EXPECT_FALSE(fs::exists(root / ".thumbs" / "b"));
  EXPECT_FALSE(fs::exists(root / "reports" / "report-b.pdf"));
  EXPECT_TRUE(staging_is_empty());
  EXPECT_EQ(erase().why().id, code::no_such_batch);
  EXPECT_TRUE(post("b", "other bytes")) << "the id is free again";
}

TEST_F(CommandStoreTest, TheLogIsWholeWithoutTheDeletedBatch) {
  ASSERT_TRUE(post("c")); // b: 1, c: 2
  ASSERT_TRUE(cancel());  // 3
  ASSERT_TRUE(erase());   // 4
  EXPECT_EQ(reading->last_seq(), 4);
  for (auto after : {0, 1, 2, 3, 4})
    EXPECT_TRUE(reading->events_after(after, 9).value().complete) << after;
  auto gone = R"({"batchId":"b","status":"deleted"})";
  auto told = log();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told.front(), gone) << "the first row is kept, and says no more";
  EXPECT_EQ(told.back(), gone);
  EXPECT_NE(told.at(1).find("\"c\""), std::string::npos);
}

TEST_F(CommandStoreTest, PaidAnswersGoWithTheLastBatchThatHoldsTheFile) {
  model_answer a;
  a.input_hash = view().files.at(0).sha256;
  a.prompt_hash = "p";
  a.model = "m";
  a.text = "{}";
  ASSERT_TRUE(apply({{}, a, {}}));
  ASSERT_TRUE(post("c")); // the same bytes
  auto known = [&] { return store->answers("p", {a.input_hash}).value(); };
  ASSERT_TRUE(cancel());
  ASSERT_TRUE(erase());
  EXPECT_EQ(known().size(), 1u);
  id = {"c"};
  ASSERT_TRUE(cancel());
  ASSERT_TRUE(erase());
  EXPECT_TRUE(known().empty());
}

TEST_F(CommandStoreTest, TheSweepFinishesADeletion) {
  set_mark(root / "b"); // marked; the commit came not
  auto sweep = [&] {
    sweep_orphans(root, [&](const batch_id& x) {
      return static_cast<bool>(reading->version(x));
    });
  };
  sweep();
  EXPECT_TRUE(fs::exists(root / "b" / "n.txt"));
  fs::create_directories(root / "gone");
  set_mark(root / "gone"); // the commit came
  fs::create_directories(root / ".thumbs" / "gone");
  std::ofstream(root / "reports" / "report-gone.pdf");
  sweep();
  EXPECT_FALSE(fs::exists(root / "gone"));
  EXPECT_FALSE(fs::exists(root / ".thumbs" / "gone"));
  EXPECT_FALSE(fs::exists(root / "reports" / "report-gone.pdf"));
  EXPECT_TRUE(staging_is_empty());
}

} // namespace
