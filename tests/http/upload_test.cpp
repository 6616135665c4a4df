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

TEST_F(HttpTest, WhatTheStoreMayYetTakeInIsNotThrownAway) {
  f.submit_refusal = problem{code::busy, "Too many"};
  EXPECT_EQ(post({file("a.txt")})->status, 429);
  EXPECT_EQ(f.discards, 1);
  f.submit_refusal = problem{code::timeout, "No answer"};
  EXPECT_EQ(post({file("a.txt")})->status, 504);
  EXPECT_EQ(f.discards, 1);
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

const std::string two_files =
    "--B\r\nContent-Disposition: form-data; name=\"files\"; "
    "filename=\"a.txt\"\r\n\r\none\r\n"
    "--B\r\nContent-Disposition: form-data; name=\"files\"; "
    "filename=\"b.txt\"\r\n\r\ntwo\r\n--B--\r\n";

TEST_F(HttpTest, SmallChunksLoseNoFile) {
  for (std::size_t step : {1u, 3u, 4u, 5u, 64u}) {
    auto r = client->Post(
        "/api/v1/ingestion/batches",
        [&](std::size_t at, httplib::DataSink& sink) {
          auto n = std::min(step, two_files.size() - at);
          sink.write(two_files.data() + at, n);
          if (at + n == two_files.size())
            sink.done();
          return true;
        },
        "multipart/form-data; boundary=B");
    ASSERT_TRUE(r) << step;
    ASSERT_EQ(r->status, 202) << step << ' ' << r->body;
    EXPECT_EQ(json::parse(r->body)["files"].size(), 2u) << step;
  }
}

TEST_F(HttpTest, RefusesTextBeforeTheFirstBoundary) {
  for (auto& text : {std::string{"junk\r\n"}, std::string(254, '-') + "\r\n"})
    expect_problem(client->Post("/api/v1/ingestion/batches", text + two_files,
                                "multipart/form-data; boundary=B"),
                   400, "does not begin with its boundary");
}

} // namespace
