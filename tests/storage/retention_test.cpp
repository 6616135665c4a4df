#include "tests/storage/fixture.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

using namespace vigie;

namespace {

struct RetentionStoreTest : StoreTest {
  void end(const std::string& id, batch_status how, const std::string& at) {
    ASSERT_TRUE(post(id, "evidence"));
    ASSERT_TRUE(apply({{id}, status_change{how, {}}, {}}));
    SQLite::Database db{options.database.string(), SQLite::OPEN_READWRITE};
    SQLite::Statement q{db, "UPDATE audit_batches SET updated_at=? WHERE id=?"};
    q.bind(1, at);
    q.bind(2, id);
    q.exec();
  }
};

TEST_F(RetentionStoreTest, TheOldestEndedComeFirstAndNoneAtWork) {
  end("young", batch_status::completed, "2026-03-01 00:00:00.000000");
  end("old", batch_status::failed, "2026-01-01 00:00:00.000000");
  end("middle", batch_status::cancelled, "2026-02-01 00:00:00.000000");
  ASSERT_TRUE(post("at-work"));
  auto found = reading->oldest_ended(2);
  ASSERT_TRUE(found) << found.why().detail;
  ASSERT_EQ(found.value().size(), 2u);
  EXPECT_EQ(found.value()[0].id.text, "old");
  EXPECT_EQ(found.value()[1].id.text, "middle");
  EXPECT_EQ(found.value()[0].bytes, 8u);
  EXPECT_EQ(sql_time(found.value()[0].changed), "2026-01-01 00:00:00.000000");
  EXPECT_EQ(reading->oldest_ended(9).value().size(), 3u);
}

TEST_F(RetentionStoreTest, TheyAreReadInTheOrderOfAnIndex) {
  SQLite::Database db{options.database.string()};
  SQLite::Statement q{
      db, "EXPLAIN QUERY PLAN SELECT id, updated_at FROM audit_batches WHERE "
          "status<>'processing' "
          "ORDER BY updated_at, id LIMIT 50"};
  std::string plan;
  while (q.executeStep())
    plan += q.getColumn(3).getString() + "\n";
  EXPECT_NE(plan.find("ix_audit_batches_ended"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

TEST_F(RetentionStoreTest, AnUnfinishedBatchTellsItsBytes) {
  ASSERT_TRUE(post("b", "12345"));
  auto open = store->unfinished();
  ASSERT_TRUE(open);
  ASSERT_EQ(open.value().size(), 1u);
  EXPECT_EQ(open.value()[0].bytes, 5u);
}

TEST_F(RetentionStoreTest, TheAnswerThatMadeASummaryGoesWithItsBatch) {
  end("mine", batch_status::completed, "2026-01-01 00:00:00.000000");
  for (auto who : {"mine", "other"}) {
    model_answer a;
    a.input_hash = who;
    a.prompt_hash = "p";
    a.model = "m";
    a.batch = {who};
    ASSERT_TRUE(apply({{}, a, {}}));
  }
  ASSERT_TRUE(apply({{"mine"}, erasure{}, {}}));
  EXPECT_TRUE(store->answers("p", {"mine"}).value().empty());
  EXPECT_EQ(store->answers("p", {"other"}).value().size(), 1u);
}

TEST_F(RetentionStoreTest, TheDiskHasAFigure) {
  auto disk = reading->disk();
  ASSERT_TRUE(disk);
  EXPECT_GT(disk.value().total, disk.value().used);
}

} // namespace
