// /readyz, and what is told of every request.

#include "fixture.hpp"

#include <condition_variable>
#include <mutex>

namespace vigie {

namespace {

struct told : telemetry {
  std::mutex guard;
  std::condition_variable more;
  std::vector<served_request> all;

  void served(const served_request& r) override {
    std::lock_guard lock{guard};
    all.push_back(r);
    more.notify_all();
  }
  /// It is told after the client has its answer.
  served_request nth(std::size_t n) {
    std::unique_lock lock{guard};
    more.wait_for(lock, std::chrono::seconds{10},
                  [&] { return all.size() > n; });
    return all.size() > n ? all[n] : served_request{};
  }
};

struct HealthTest : HttpTest {
  struct not_ready : fakes {
    std::optional<problem> why;
    outcome<done> ready() override {
      if (why)
        return *why;
      return done{};
    }
  } g;
  told t;

  void SetUp() override {
    server = std::make_unique<http_server>(
        o, http_ports{g, g, g, g, g, g, g, g, &t, &g});
    auto started = server->start();
    ASSERT_TRUE(started) << started.why().detail;
    port = started.value();
    client = std::make_unique<httplib::Client>("127.0.0.1", port);
  }
  void TearDown() override { server.reset(); } // before what it was given
  std::string readiness() {
    auto r = client->Get("/readyz");
    return std::to_string(r->status) + ' ' + r->body;
  }
};

TEST_F(HealthTest, EveryReasonNotToBeReadyIsNamed) {
  g.why = problem{code::draining, "x"};
  EXPECT_EQ(readiness(),
            R"(503 {"status":"not-ready","reasons":["draining"]})");
  g.why = problem{code::disk_full, "x"};
  g.lacking = {"disk-low", "no-worker"};
  EXPECT_EQ(readiness(), R"(503 {"status":"not-ready","reasons":)"
                         R"(["waits-for-room","disk-low","no-worker"]})");
  g.why = problem{code::storage_down, "x"};
  g.lacking = {"no-worker"};
  EXPECT_EQ(readiness(), R"(503 {"status":"not-ready","reasons":)"
                         R"(["store","no-worker"]})");
  g.why.reset();
  g.lacking = {"disk-low"};
  EXPECT_EQ(readiness(),
            R"(503 {"status":"not-ready","reasons":["disk-low"]})");
  g.lacking = {"no-worker"};
  EXPECT_EQ(readiness(), R"(200 {"status":"ready","reasons":["no-worker"]})");
}

TEST_F(HealthTest, MetricsAreTextOfTheNamedVersion) {
  auto r = client->Get("/metrics");
  EXPECT_EQ(r->body, "vigie_up 1\n");
  EXPECT_EQ(r->get_header_value("Content-Type"),
            "text/plain; version=0.0.4; charset=utf-8");
}

TEST_F(HealthTest, ARequestIsToldByItsTemplateAndNeverByItsPath) {
  client->Get("/api/v1/ingestion/batches/holiday.jpg?q=secret");
  client->Get("/api/v1/ingestion/batches/a/files/3/thumbnail");
  client->Get("/secret/path");
  auto first = t.nth(0), second = t.nth(1), third = t.nth(2);
  EXPECT_EQ(first.route, "/api/v1/ingestion/batches/{batch_id}");
  EXPECT_EQ(first.status, 404);
  EXPECT_EQ(first.batch, "") << "no batch has that name";
  EXPECT_EQ(second.route, "/api/v1/ingestion/batches/{batch_id}/files/"
                          "{file_id}/thumbnail");
  EXPECT_EQ(third.route, "other");
}

TEST_F(HealthTest, ABatchThatIsFoundIsNamed) {
  post({file("a.txt")});
  auto id = g.posted.at(0).id.text;
  EXPECT_EQ(t.nth(0).batch, id);
  client->Get("/api/v1/ingestion/batches/" + id);
  EXPECT_EQ(t.nth(1).batch, id);
}

TEST_F(HealthTest, TheClientsIdIsKeptWhenItIsSane) {
  auto r = client->Get("/livez", {{"X-Request-Id", "abc-1"}});
  EXPECT_EQ(r->get_header_value("X-Request-Id"), "abc-1");
  EXPECT_EQ(t.nth(0).id, "abc-1");
  r = client->Get("/livez", {{"X-Request-Id", "a b"}});
  auto made = r->get_header_value("X-Request-Id");
  EXPECT_EQ(made.size(), 32u);
  EXPECT_EQ(t.nth(1).id, made);
}

TEST_F(HealthTest, ATraceIsContinuedAndNoneIsBegun) {
  const std::string head = "00-4bf92f3577b34da6a3ce929d0e0e4736-";
  auto r =
      client->Get("/livez", {{"traceparent", head + "00f067aa0ba902b7-01"}});
  auto mine = r->get_header_value("traceparent");
  EXPECT_TRUE(mine.starts_with(head)) << mine;
  EXPECT_TRUE(mine.ends_with("-01")) << mine;
  EXPECT_EQ(mine.find("00f067aa0ba902b7"), mine.npos);
  EXPECT_EQ(t.nth(0).trace, mine);
  EXPECT_FALSE(client->Get("/livez")->has_header("traceparent"));
}

TEST_F(HealthTest, ARefusalBeforeAnyRouteIsToldToo) {
  ask("BREW /livez HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n");
  auto r = t.nth(0);
  EXPECT_EQ(r.method, "OTHER");
  EXPECT_EQ(r.status, 400);
  EXPECT_EQ(r.id.size(), 32u);
}

TEST_F(HealthTest, AStreamIsToldWhenItIsHandedOver) {
  ask("GET /api/v1/ingestion/events HTTP/1.1\r\nHost: x\r\n\r\n");
  auto r = t.nth(0);
  EXPECT_EQ(r.route, "/api/v1/ingestion/events");
  EXPECT_EQ(r.status, 200);
}

} // namespace

} // namespace vigie
