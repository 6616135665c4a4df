#include "fixture.hpp"

using namespace vigie;

namespace {

TEST_F(HttpTest, APostWhereNoneIsTakenIsRefused) {
  expect_problem(client->Post("/livez", "{}", "application/json"), 405, "GET");
  expect_problem(client->Post("/nowhere", "{}", "application/json"), 404, "");
}

TEST_F(HttpTest, OptionsWithoutAnOriginSaysWhatIsAllowed) {
  auto r = client->Options("/api/v1/ingestion/batches");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 204);
  EXPECT_EQ(r->get_header_value("Allow"), "OPTIONS, POST, GET, HEAD");
  EXPECT_EQ(client->Options("/nowhere")->status, 404);
}

TEST_F(HttpTest, HeadIsGetWithoutItsBody) {
  for (auto path : {"/livez", "/api/v1/health", "/api/v1/ingestion/batches",
                    "/api/v1/ingestion/reports/none"}) {
    auto get = client->Get(path);
    auto head = client->Head(path);
    ASSERT_TRUE(get && head) << path;
    EXPECT_EQ(head->status, get->status) << path;
    EXPECT_TRUE(head->body.empty()) << path;
    for (auto name : {"Content-Type", "Content-Length"})
      EXPECT_EQ(head->get_header_value(name), get->get_header_value(name));
  }
}

TEST_F(HttpTest, ReadinessNamesWhatIsWaitedFor) {
  EXPECT_EQ(client->Get("/readyz")->body, R"({"status":"ready","reasons":[]})");
  f.lacking = {"no-worker", "other"};
  auto r = client->Get("/readyz");
  EXPECT_EQ(r->status, 200) << "batches are admitted all the same";
  EXPECT_EQ(r->body, R"({"status":"ready","reasons":["no-worker","other"]})");
}

TEST_F(HttpTest, HeadOfTheEventsEndsWithItsHeaders) {
  auto said = ask("HEAD /api/v1/ingestion/events HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(count_of(said, "text/event-stream; charset=utf-8"), 1u) << said;
  EXPECT_EQ(count_of(said, "Connection: close"), 1u) << said;
  EXPECT_TRUE(said.ends_with("\r\n\r\n")) << said;
}

} // namespace
