#include "fixture.hpp"

using namespace vigie;

namespace {

struct SnapshotTest : HttpTest {
  const std::string url = "/api/v1/ingestion/batches/b";
  void SetUp() override {
    HttpTest::SetUp();
    ASSERT_EQ(post({file("a.txt")})->status, 202);
    f.snapshots = 0;
  }
  httplib::Result get(const std::string& etag = "") {
    return etag.empty() ? client->Get(url)
                        : client->Get(url, {{"If-None-Match", etag}});
  }
};

TEST_F(SnapshotTest, AnUnchangedSnapshotIsNotSentAgain) {
  auto again = get(get()->get_header_value("ETag"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(again->get_header_value("Cache-Control"), "no-cache");
}

TEST_F(SnapshotTest, IsReadOnceForAsLongAsNothingChanges) {
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(get()->status, 200);
  EXPECT_EQ(f.snapshots, 1);
  f.current_version = "v2";
  EXPECT_EQ(get()->status, 200);
  EXPECT_EQ(f.snapshots, 2);
}

TEST_F(SnapshotTest, AnEndedBatchMayBeKeptForFiveSeconds) {
  f.status = batch_status::completed;
  auto first = get();
  EXPECT_EQ(first->get_header_value("Cache-Control"), "private, max-age=5");
  EXPECT_EQ(
      get(first->get_header_value("ETag"))->get_header_value("Cache-Control"),
      "private, max-age=5");
}

TEST_F(SnapshotTest, APostIsAcceptedEvenWhenItCannotBeReadBack) {
  f.blind = true;
  auto r = client->Post("/api/v1/ingestion/batches",
                        httplib::MultipartFormDataItems{
                            {"client_batch_id", "c", "", ""}, file("z.txt")});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 202);
  auto body = json::parse(r->body);
  EXPECT_EQ(body.at("batch_id"), "c");
  EXPECT_EQ(body.at("files").at(0).at("filename"), "z.txt");
  EXPECT_EQ(body.at("status"), "processing");
}

TEST_F(SnapshotTest, TheNextPageIsLinkedWithItsCursorEncoded) {
  f.page.next_cursor = "a b&c";
  // Raw: httplib's client decodes what it reads.
  auto r = ask("GET /api/v1/ingestion/batches?limit=2 HTTP/1.1\r\nHost: x\r\n"
               "Connection: close\r\n\r\n");
  EXPECT_NE(r.find("cursor=a%20b%26c>; rel=\"next\""), std::string::npos) << r;
}

TEST_F(SnapshotTest, ARecordCarriesTheKeysThatWereAdded) {
  f.records.emplace_back().status = "disabled";
  auto r = client->Get(url + "/analysis");
  ASSERT_TRUE(r);
  auto latest = json::parse(r->body).at("latest");
  EXPECT_TRUE(latest.contains("model_version"));
  EXPECT_TRUE(latest.contains("attempts"));
}

TEST_F(HttpTest, AnotherMethodIsRefusedWithTheOnesThereAre) {
  auto r = client->Delete("/api/v1/ingestion/events");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 405);
  EXPECT_EQ(r->get_header_value("Allow"), "OPTIONS, GET, HEAD");
}

TEST_F(HttpTest, HeadOfTheEventsHandsNoSocketOver) {
  auto r = client->Head("/api/v1/ingestion/events");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 200);
  EXPECT_EQ(f.adopted, 0);
}

} // namespace
