// Files that broke their workers: listed, and released.
#include "tests/storage/fixture.hpp"

using namespace vigie;

namespace {

struct QuarantineTest : StoreTest {
  batch_id id{"b"};
  file_id file;

  void SetUp() override {
    StoreTest::SetUp();
    ASSERT_TRUE(post("b"));
    file = state().files.at(0).id;
  }
  outcome<change_answer> complete() {
    return apply({id, status_change{batch_status::completed, {}}, {}});
  }
  void stands(stage what, bool ok = true) {
    ASSERT_TRUE(apply({id, result_of(file, what, ok), {}}));
  }
  void draws_from_all() {
    ASSERT_TRUE(apply({id, join_result{}, {}}));
    ASSERT_TRUE(apply({id, score_result{}, {}}));
    ASSERT_TRUE(apply({id, report_result{"%PDF", "hash"}, {}}));
  }
  outcome<change_answer> release(std::string named) {
    event_draft event;
    event.at = utc_now();
    event.status = batch_status::processing;
    return apply({id, batch_retry{std::move(named)}, {event}});
  }
  void breaks(stage what) {
    auto r = result_of(file, what, false);
    r.result.error_code = broken_code;
    r.result.error_message = "arrêt brutal";
    r.quarantined = true;
    ASSERT_TRUE(apply({id, r, {}}));
  }
  new_batch three_files() {
    new_batch b;
    b.id = id;
    b.created_at = utc_now();
    auto up = std::move(blobs->stage()).value();
    for (auto name : {"x.txt", "y.txt", "z.txt"}) {
      EXPECT_TRUE(up->begin(name));
      EXPECT_TRUE(up->write("hello"));
      b.files.push_back(std::move(up->end()).value());
      b.files.back().content_type = "text/plain";
    }
    b.staging_dir = std::move(up->release()).value();
    return b;
  }
  batch_view view() { return reading->snapshot(id).value(); }
  batch_state state() { return store->load(id).value(); }
};

TEST_F(QuarantineTest, AReleasedFileGoesThroughItsMissingStages) {
  stands(stage::metadata);
  breaks(stage::vision);
  draws_from_all();
  ASSERT_TRUE(complete());
  auto answer = release("n.txt");
  ASSERT_TRUE(answer) << answer.why().detail;
  EXPECT_EQ(answer.value().how, applied::restarted);
  EXPECT_EQ(answer.value().events.at(0).data,
            R"({"batchId":"b","status":"processing"})");
  EXPECT_EQ(view().status, batch_status::processing);
  EXPECT_EQ(view().files.at(0).status, file_status::pending);
  EXPECT_TRUE(view().files.at(0).warnings.empty());
  ASSERT_EQ(state().done.size(), 1u);
  EXPECT_EQ(state().done.at(0).what, stage::metadata);
  EXPECT_FALSE(state().joined) << "drawn from all files";
  EXPECT_TRUE(state().done_after.empty());
  EXPECT_TRUE(reading->quarantined(9).value().empty());
  stands(stage::vision);
  stands(stage::text);
  EXPECT_EQ(view().files.at(0).status, file_status::done);
}

TEST_F(QuarantineTest, AReleaseLeavesTheOtherFilesAsTheyAre) {
  id = {"three"};
  ASSERT_TRUE(apply({id, three_files(), {}}));
  auto files = state().files;
  file = files.at(0).id;
  breaks(stage::metadata);
  file = files.at(1).id;
  breaks(stage::metadata);
  file = files.at(2).id;
  stands(stage::metadata);
  stands(stage::vision);
  stands(stage::text, false);
  ASSERT_TRUE(complete());
  ASSERT_TRUE(release(std::to_string(files.at(0).id.n))) << "by id";
  files = view().files;
  EXPECT_EQ(files.at(0).status, file_status::pending);
  EXPECT_EQ(files.at(1).status, file_status::quarantined);
  EXPECT_FALSE(files.at(1).warnings.empty());
  EXPECT_EQ(files.at(2).status, file_status::failed);
  EXPECT_FALSE(files.at(2).warnings.empty());
  EXPECT_EQ(state().done.size(), 4u) << "what failed is not done again";
}

TEST_F(QuarantineTest, OnlyAQuarantinedFileOfAnEndedBatchIsReleased) {
  breaks(stage::text);
  EXPECT_EQ(release("n.txt").why().id, code::batch_busy);
  ASSERT_TRUE(complete());
  EXPECT_EQ(release("m.txt").why().id, code::no_such_file);
  ASSERT_TRUE(post("c"));
  id = {"c"};
  ASSERT_TRUE(complete());
  EXPECT_EQ(release("n.txt").why().id, code::bad_request);
  EXPECT_EQ(view().status, batch_status::completed);
  id = {"nowhere"};
  EXPECT_EQ(release("n.txt").why().id, code::no_such_batch);
}

TEST_F(QuarantineTest, QuarantineIsListedNewestFirstWithItsReason) {
  stands(stage::metadata);
  breaks(stage::vision);
  ASSERT_TRUE(post("c"));
  id = {"c"};
  file = state().files.at(0).id;
  breaks(stage::metadata);
  auto all = reading->quarantined(9).value();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all.at(0).batch.text, "c");
  EXPECT_EQ(all.at(1).batch.text, "b");
  EXPECT_EQ(all.at(1).filename, "n.txt");
  EXPECT_EQ(all.at(1).what, stage::vision);
  EXPECT_EQ(all.at(1).reason, "arrêt brutal");
  EXPECT_GT(all.at(1).since, utc_time{});
  EXPECT_EQ(reading->quarantined(1).value().at(0).batch.text, "c");
}

TEST_F(QuarantineTest, APurgeTakesTheBytesAndLeavesTheRow) {
  breaks(stage::text);
  auto path = root / "b" / "n.txt";
  auto purge = [&] { return apply({id, file_purge{file}, {}}); };
  EXPECT_EQ(purge().why().id, code::batch_busy);
  ASSERT_TRUE(complete());
  ASSERT_TRUE(fs::exists(path));
  auto answer = purge();
  ASSERT_TRUE(answer) << answer.why().detail;
  EXPECT_EQ(answer.value().how, applied::yes);
  EXPECT_FALSE(fs::exists(path));
  auto row = view().files.at(0);
  EXPECT_EQ(row.filename, "n.txt");
  EXPECT_EQ(row.status, file_status::quarantined);
  EXPECT_EQ(row.stored_path, "");
  EXPECT_EQ(row.warnings.back().code, "file-purged");
  EXPECT_TRUE(reading->quarantined(9).value().empty());
  EXPECT_EQ(reading->file(id, file).why().id, code::no_such_file);
  EXPECT_EQ(purge().value().how, applied::duplicate) << "no second event";
}

TEST_F(QuarantineTest, APurgedFileIsNeverTriedAgain) {
  stands(stage::metadata);
  breaks(stage::vision);
  ASSERT_TRUE(apply({id, status_change{batch_status::failed, {}}, {}}));
  ASSERT_TRUE(apply({id, file_purge{file}, {}}));
  EXPECT_EQ(release("n.txt").why().detail, "n.txt was purged");
  ASSERT_TRUE(apply({id, batch_retry{}, {}}));
  EXPECT_EQ(view().status, batch_status::processing);
  EXPECT_EQ(view().files.at(0).status, file_status::quarantined);
  EXPECT_EQ(view().files.at(0).warnings.size(), 2u) << "why it was, and that";
  ASSERT_TRUE(complete());
  EXPECT_EQ(apply({id, batch_retry{}, {}}).why().id, code::batch_ended)
      << "nothing is left to redo";
}

TEST_F(QuarantineTest, OnlyAQuarantinedFileIsPurged) {
  ASSERT_TRUE(complete());
  EXPECT_EQ(apply({id, file_purge{file}, {}}).why().id, code::bad_request);
  EXPECT_EQ(apply({id, file_purge{{99}}, {}}).why().id, code::no_such_file);
  EXPECT_TRUE(fs::exists(root / "b" / "n.txt"));
}

} // namespace
