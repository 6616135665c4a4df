#include "storage/files.hpp"
#include "tests/storage/fixture.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>

using namespace vigie;

namespace {

TEST_F(StoreTest, ANewBatchStandsWithItsFilesAndFirstEvent) {
  auto answer = post("b");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().events.front().seq, 1);
  auto view = reading->snapshot({"b"});
  ASSERT_TRUE(view);
  ASSERT_EQ(view.value().files.size(), 1u);
  EXPECT_EQ(view.value().files[0].sha256,
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  EXPECT_EQ(view.value().timeline.front().code, "ingestion:received");
  EXPECT_EQ(view.value().last_seq, 1);
  EXPECT_TRUE(fs::exists(root / "b" / "n.txt"));
  EXPECT_FALSE(has_mark(root / "b"));
}

TEST_F(StoreTest, AReleasedUploadHasItsMark) {
  auto b = staged("b", "n.txt", "hello");
  EXPECT_TRUE(has_mark(b.staging_dir));
}

TEST_F(StoreTest, OfAGroupOnlyTheRefusedPostLeavesNothing) {
  std::vector<change> group;
  for (auto* id : {"a", "b", "c"}) {
    auto b = staged(id, "n.txt", id);
    group.push_back({b.id, b, {draft("ingestion:received", b.created_at, {})}});
  }
  fs::create_directories(root / "b" / "of somebody else");
  auto answers = store->apply(group);
  EXPECT_TRUE(answers[0] && !answers[1] && answers[2]);
  for (auto* id : {"a", "c"}) {
    EXPECT_TRUE(fs::exists(root / id / "n.txt"));
    EXPECT_FALSE(has_mark(root / id));
  }
  EXPECT_FALSE(fs::exists(root / "b" / "n.txt"));
  EXPECT_TRUE(fs::exists(root / "b" / "of somebody else"));
}

TEST_F(StoreTest, WhatAnotherConnectionWritesStopsNoWriter) {
  ASSERT_TRUE(post("a"));
  SQLite::Database other{options.database.string(), SQLite::OPEN_READWRITE};
  auto sign_in = [&] { other.exec("UPDATE audit_batches SET progress=1"); };
  ASSERT_TRUE(store->load({"a"})); // as a PIPELINE does
  sign_in();
  EXPECT_TRUE(post("b"));
  ASSERT_TRUE(store->unfinished());
  ASSERT_TRUE(store->answers("p", {"h"}));
  ASSERT_TRUE(store->gates());
  sign_in();
  EXPECT_TRUE(post("c"));
}

TEST_F(StoreTest, AReaderThatHasReadSeesWhatIsCommittedLater) {
  ASSERT_TRUE(post("a"));
  ASSERT_TRUE(reading->snapshot({"a"}));
  EXPECT_EQ(reading->last_seq(), 1);
  ASSERT_TRUE(post("b"));
  EXPECT_EQ(reading->last_seq(), 2);
  EXPECT_TRUE(reading->snapshot({"b"}));
}

TEST_F(StoreTest, TheSamePostTwiceChangesNothing) {
  ASSERT_TRUE(post("b"));
  auto again = post("b");
  ASSERT_TRUE(again);
  EXPECT_EQ(again.value().how, applied::duplicate);
  EXPECT_TRUE(again.value().events.empty());
  EXPECT_TRUE(staging_is_empty());
}

TEST_F(StoreTest, OtherFilesUnderAKnownIdAreRefusedAndTheOldOnesKept) {
  ASSERT_TRUE(post("b"));
  auto other = staged("b", "n.txt", "other");
  auto dir = other.staging_dir;
  auto refused = apply({other.id, other, {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.why().id, code::batch_conflict);
  std::ifstream in(root / "b" / "n.txt");
  std::string kept;
  in >> kept;
  EXPECT_EQ(kept, "hello");
}

TEST_F(StoreTest, AFailedBatchPostedAgainStartsAgain) {
  ASSERT_TRUE(post("b"));
  auto id = store->load({"b"}).value().files[0].id;
  ASSERT_TRUE(apply({{"b"}, result_of(id, stage::text, false), {}}));
  ASSERT_TRUE(apply({{"b"}, status_change{batch_status::failed, "x"}, {}}));
  auto again = post("b");
  ASSERT_TRUE(again);
  EXPECT_EQ(again.value().how, applied::restarted);
  auto state = store->load({"b"});
  EXPECT_EQ(state.value().status, batch_status::processing);
  EXPECT_TRUE(state.value().done.empty()) << "a failed stage is redone";
}

TEST_F(StoreTest, ASecondResultOfOneStageIsDropped) {
  ASSERT_TRUE(post("b"));
  auto id = store->load({"b"}).value().files[0].id;
  auto event = draft("ocr:complete", utc_now(), {});
  EXPECT_EQ(apply({{"b"}, result_of(id), {event}}).value().how, applied::yes);
  auto late = apply({{"b"}, result_of(id), {event}});
  EXPECT_EQ(late.value().how, applied::duplicate);
  EXPECT_TRUE(late.value().events.empty());
}

TEST_F(StoreTest, AFileIsWarnedOfOnceHoweverManyStagesFail) {
  ASSERT_TRUE(post("b"));
  auto file = reading->snapshot({"b"}).value().files[0].id;
  for (auto what : {stage::vision, stage::text}) {
    ASSERT_TRUE(apply({{"b"}, result_of(file, what, false), {}}));
  }
  auto view = reading->snapshot({"b"}).value();
  ASSERT_EQ(view.files[0].warnings.size(), 1u);
  EXPECT_EQ(view.files[0].warnings[0].code, "ocr-failed");
  EXPECT_EQ(view.files[0].status, file_status::failed);
}

TEST_F(StoreTest, ResultsOfAnEndedBatchAreDropped) {
  ASSERT_TRUE(post("b"));
  auto id = store->load({"b"}).value().files[0].id;
  ASSERT_TRUE(apply({{"b"}, status_change{batch_status::cancelled, {}}, {}}));
  EXPECT_EQ(apply({{"b"}, result_of(id), {}}).value().how, applied::duplicate);
}

TEST_F(StoreTest, ProgressNeverGoesDown) {
  ASSERT_TRUE(post("b"));
  ASSERT_TRUE(
      apply({{"b"}, nothing{}, {draft("analysis:complete", utc_now(), {})}}));
  ASSERT_TRUE(
      apply({{"b"}, nothing{}, {draft("analysis:start", utc_now(), {})}}));
  EXPECT_EQ(reading->snapshot({"b"}).value().timeline.back().progress, 70);
}

TEST_F(StoreTest, OneBadChangeDoesNotHurtItsGroup) {
  auto good = staged("a", "n.txt", "1");
  auto bad = change{{"unknown"}, nothing{}, {}};
  auto answers = store->apply({{good.id, good, {}}, bad});
  EXPECT_TRUE(answers[0]);
  ASSERT_FALSE(answers[1]);
  EXPECT_EQ(answers[1].why().id, code::no_such_batch);
  EXPECT_TRUE(reading->snapshot({"a"}));
}

TEST_F(StoreTest, TheLogGoesOnAfterAReopening) {
  ASSERT_TRUE(post("a"));
  store.reset();
  open();
  EXPECT_EQ(post("b").value().events.front().seq, 2);
  auto all = reading->events_after(0, 10);
  ASSERT_EQ(all.value().events.size(), 2u);
  EXPECT_TRUE(all.value().complete);
  EXPECT_FALSE(reading->events_after(99, 10).value().complete);
}

TEST_F(StoreTest, PagesHoldEveryBatchOnceNewestFirst) {
  for (auto id : {"a", "b", "c"})
    ASSERT_TRUE(post(id));
  auto first = reading->list(list_query{2, std::nullopt, std::nullopt});
  ASSERT_TRUE(first);
  ASSERT_EQ(first.value().items.size(), 2u);
  ASSERT_TRUE(first.value().next_cursor);
  EXPECT_EQ(first.value().items[0].id.text, "c");
  auto second = reading->list({2, first.value().next_cursor, {}});
  ASSERT_EQ(second.value().items.size(), 1u);
  EXPECT_EQ(second.value().items[0].id.text, "a");
  EXPECT_FALSE(reading->list({2, "zz", {}}));
}

TEST_F(StoreTest, AnUploadThatIsNotReleasedLeavesNothing) {
  {
    auto up = std::move(blobs->stage()).value();
    ASSERT_TRUE(up->begin("x"));
    ASSERT_TRUE(up->write("half"));
  }
  EXPECT_TRUE(staging_is_empty());
}

TEST_F(StoreTest, TheSweepTakesOnlyWhatAKilledServerLeft) {
  ASSERT_TRUE(post("kept"));
  fs::create_directories(root / "foreign");
  fs::create_directories(root / "half");
  set_mark(root / "half");
  set_mark(root / "kept");
  fs::create_directories(root / ".staging" / "x");
  for (auto* name : {"spool", "reports", ".pki"})
    fs::create_directories(root / name);
  set_mark(root / "reports");
  fs::create_directories(root / "of 0.1"); // no id
  fs::create_directories(root / "of-0.1");
  for (auto* name : {"of 0.1", "of-0.1", "kept"})
    std::ofstream(root / name / ".uncommitted");
  sweep_orphans(root, [&](const batch_id& id) {
    return static_cast<bool>(reading->version(id));
  });
  EXPECT_TRUE(fs::exists(root / "foreign"));
  EXPECT_FALSE(fs::exists(root / "half"));
  for (auto* name : {"spool", "reports", ".pki", "of 0.1"})
    EXPECT_TRUE(fs::exists(root / name)) << name;
  EXPECT_FALSE(fs::exists(root / "of-0.1"));
  EXPECT_FALSE(fs::exists(root / "kept" / ".uncommitted"));
  EXPECT_TRUE(fs::exists(root / "kept" / "n.txt"));
  EXPECT_FALSE(has_mark(root / "kept"));
  EXPECT_TRUE(staging_is_empty());
}

TEST_F(StoreTest, ADatabaseOfTheOldServerOpensAndServes) {
  store.reset();
  reading.reset();
  fs::remove(root / "vigie.db");
  {
    SQLite::Database old{(root / "vigie.db").string(),
                         SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    old.exec(
#include "storage/migrations/001_kept_schema.sql"
    );
    old.exec("INSERT INTO audit_batches (id, created_at, updated_at, status) "
             "VALUES ('old', '2026-11-23 13:46:33.307169', "
             "'2026-11-23 13:46:33.307169', 'processing')");
    old.exec("INSERT INTO batch_files (batch_id, filename, content_type, "
             "size_bytes, checksum_sha256, stored_path) VALUES "
             "('old', 'n.txt', 'text/plain', 5, 'x', 'tmp/uploads/old/n.txt'),"
             "('old', 'n.txt', 'text/plain', 5, 'y', 'tmp/uploads/old/n.txt')");
  }
  open();
  auto view = reading->snapshot({"old"});
  ASSERT_TRUE(view);
  EXPECT_EQ(view.value().files[0].stored_path, "old/n.txt");
  EXPECT_EQ(view.value().files[0].warnings.front().code, "file-hash-mismatch");
  EXPECT_TRUE(view.value().files[1].warnings.empty());
  EXPECT_EQ(store->unfinished().value().size(), 1u);
}

} // namespace
