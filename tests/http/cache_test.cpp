#include "fixture.hpp"

#include "http/snapshot_cache.hpp"

using namespace vigie;

namespace {

snapshot_cache::body body_of(std::size_t n) {
  return std::make_shared<const snapshot_cache::snapshot>(
      snapshot_cache::snapshot{std::string(n, 'x'), false});
}

TEST(SnapshotCacheTest, ForgetsWhatWasAskedLongestAgo) {
  snapshot_cache cache{10'000};
  cache.put("a", "1", body_of(4'000));
  cache.put("b", "1", body_of(4'000));
  EXPECT_TRUE(cache.find("a", "1"));
  cache.put("c", "1", body_of(4'000));
  EXPECT_TRUE(cache.find("a", "1"));
  EXPECT_FALSE(cache.find("b", "1"));
  EXPECT_TRUE(cache.find("c", "1"));
}

TEST(SnapshotCacheTest, AnotherVersionIsNotTheSame) {
  snapshot_cache cache{10'000};
  cache.put("a", "1", body_of(1));
  EXPECT_FALSE(cache.find("a", "2"));
  cache.put("a", "2", body_of(20'000)); // too large to keep
  EXPECT_FALSE(cache.find("a", "1"));
  EXPECT_FALSE(cache.find("a", "2"));
}

TEST_F(HttpTest, ATagOfAStoredVersionHasNoSpace) {
  ASSERT_EQ(post({file("a.txt")})->status, 202);
  f.current_version = "3-2026-11-23 13:46:33.307169";
  const std::string url = "/api/v1/ingestion/batches/b";
  auto etag = client->Get(url)->get_header_value("ETag");
  EXPECT_EQ(etag.find(' '), etag.npos) << etag;
  auto again = client->Get(url, {{"If-None-Match", "\"x\", W/" + etag}});
  EXPECT_EQ(again->status, 304);
  EXPECT_FALSE(again->has_header("Content-Length"));
  EXPECT_EQ(client->Get(url, {{"If-None-Match", "*"}})->status, 304);
}

} // namespace
