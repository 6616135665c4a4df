#include "fixture.hpp"

using namespace vigie;

namespace {

TEST_F(HttpTest, AnUnchangedSnapshotIsNotSentAgain) {
  ASSERT_EQ(post({file("a.txt")})->status, 202);
  auto first = client->Get("/api/v1/ingestion/batches/b");
  ASSERT_TRUE(first);
  auto etag = first->get_header_value("ETag");
  auto again =
      client->Get("/api/v1/ingestion/batches/b", {{"If-None-Match", etag}});
  EXPECT_EQ(again->status, 304);
}

} // namespace
