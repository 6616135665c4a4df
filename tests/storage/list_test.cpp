// The list: what a card shows, and the search.
#include "tests/storage/fixture.hpp"

#include "storage/cursor.hpp"

using namespace vigie;

namespace {

struct ListTest : StoreTest {
  void post_named(std::string id, std::string name) {
    auto b = staged(std::move(id), std::move(name), "x");
    ASSERT_TRUE(apply({b.id, b, {}}));
  }
  std::vector<std::string> found(list_query query) {
    std::vector<std::string> out;
    auto page = reading->list(query);
    EXPECT_TRUE(page);
    for (auto& item : page.value().items)
      out.push_back(item.id.text);
    return out;
  }
  std::vector<std::string> found(std::string words) {
    list_query query;
    query.search = std::move(words);
    return found(query);
  }
};

using ids = std::vector<std::string>;

TEST_F(ListTest, SearchesIdsAndFileNamesWhateverTheCase) {
  post_named("Visite-7", "plan.pdf");
  post_named("other", "Évacuation_A.PNG");
  EXPECT_EQ(found("visite"), ids{"Visite-7"});
  EXPECT_EQ(found("éVACUATION"), ids{"other"});
  EXPECT_EQ(found("evacuation"), ids{"other"});
  EXPECT_EQ(found("."), (ids{"other", "Visite-7"}));
  EXPECT_TRUE(found("nowhere").empty());
}

TEST_F(ListTest, WildcardsStandForThemselves) {
  post_named("a", "100%.txt");
  post_named("b", "x_y.txt");
  EXPECT_EQ(found("%"), ids{"a"});
  EXPECT_EQ(found("_"), ids{"b"});
  EXPECT_TRUE(found("\\").empty());
}

TEST_F(ListTest, SearchGoesWithStatusAndCursor) {
  for (auto id : {"v1", "v2", "v3", "w"})
    post_named(id, "n.txt");
  ASSERT_TRUE(apply({{"v2"}, status_change{batch_status::failed, "x"}, {}}));
  list_query query;
  query.limit = 1;
  query.search = "v";
  query.status = batch_status::processing;
  auto first = reading->list(query).value();
  ASSERT_EQ(first.items.size(), 1u);
  EXPECT_EQ(first.items[0].id.text, "v3");
  query.cursor = first.next_cursor;
  EXPECT_EQ(found(query), ids{"v1"});
}

TEST_F(ListTest, ItemsCarryWhatACardShows) {
  post_named("b", "n.txt");
  ASSERT_TRUE(
      apply({{"b"}, nothing{}, {draft("analysis:complete", utc_now(), {})}}));
  gemini_result g;
  g.record.status = "disabled";
  g.record.created_at = utc_now();
  ASSERT_TRUE(apply({{"b"}, g, {}}));
  risk_score risk;
  risk.normalized = 0.5;
  ASSERT_TRUE(apply({{"b"}, score_result{risk, true}, {}}));
  ASSERT_TRUE(apply({{"b"}, report_result{"%PDF", "hash"}, {}}));
  ASSERT_TRUE(apply({{"b"}, status_change{batch_status::failed, "why"}, {}}));
  auto item = reading->list({}).value().items.at(0);
  EXPECT_EQ(item.file_count, 1);
  EXPECT_EQ(item.progress, 70);
  EXPECT_EQ(item.normalized_score, 0.5);
  EXPECT_EQ(item.report_hash, "hash");
  EXPECT_EQ(item.gemini_status, "disabled");
  EXPECT_EQ(item.last_error, "why");
}

TEST_F(ListTest, NoPageIsSortedAndOnlyWordsAreLookedForRowByRow) {
  database db{options.database.string(), database::mode::read};
  list_query plain, filtered, searched;
  filtered.status = batch_status::failed;
  searched.search = "x";
  for (auto& query : {plain, filtered, searched}) {
    auto sql = std::string{"EXPLAIN QUERY PLAN "} + page_sql(query);
    std::string plan;
    auto& q = db.use(sql.c_str());
    while (q.executeStep())
      plan += q.getColumn(3).getString() + "\n";
    EXPECT_EQ(plan.find("TEMP B-TREE"), plan.npos) << plan;
    EXPECT_EQ(plan.find("SCAN"), plan.npos) << plan;
    EXPECT_NE(plan.find(query.status ? "ix_audit_batches_status"
                                     : "ix_audit_batches_created"),
              plan.npos)
        << plan;
    if (query.search) {
      EXPECT_NE(plan.find("COVERING INDEX ix_batch_files_name"), plan.npos)
          << plan;
    }
  }
}

} // namespace
