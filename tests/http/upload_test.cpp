#include "fixture.hpp"

using namespace vigie;

namespace {

TEST_F(HttpTest, AnswersAPostWithTheSnapshotAndAnEmptyTimeline) {
  auto r = post(
      {file("../a.txt"), file("a.txt"), {"client_batch_id", "b1", "", ""}});
  ASSERT_TRUE(r);
  ASSERT_EQ(r->status, 202) << r->body;
  EXPECT_EQ(r->get_header_value("Location"), "/api/v1/ingestion/batches/b1");
  auto body = json::parse(r->body);
  EXPECT_EQ(body["status"], "processing");
  EXPECT_EQ(body["timeline"], json::array());
  EXPECT_TRUE(body["observations"].is_null());
  EXPECT_EQ(body["files"][1]["filename"], "a (2).txt");
}

TEST_F(HttpTest, RefusesWithoutAFile) {
  expect_problem(post({{"client_batch_id", "b1", "", ""}}), 422, "files");
}

TEST_F(HttpTest, RefusesATypeThatItCannotRead) {
  expect_problem(post({file("x.exe")}), 400, "Unsupported content type: ");
}

TEST_F(HttpTest, RefusesABadBatchId) {
  expect_problem(post({file("x"), {"client_batch_id", "../x", "", ""}}), 400,
                 "client_batch_id");
}

TEST_F(HttpTest, RefusesWhatIsOverALimitAndNamesIt) {
  expect_problem(post({file("big.txt", std::string(1'001, 'x'))}), 413,
                 "big.txt");
  expect_problem(post({file("a", std::string(900, 'x')),
                       file("b", std::string(900, 'x'))}),
                 413, "1500");
  expect_problem(post({file("a"), file("b"), file("c"), file("d")}), 413, "3");
}

TEST_F(HttpTest, RefusesABodyThatEndsTooEarly) {
  expect_problem(
      client->Post("/api/v1/ingestion/batches",
                   "--B\r\nContent-Disposition: form-data; name=\"files\"; "
                   "filename=\"x\"\r\n\r\nhalf",
                   "multipart/form-data; boundary=B"),
      400, "multipart");
}

} // namespace
