// The real server on a real port; what stands behind it is a fake.

#include "http/server.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <atomic>

using namespace vigie;
using nlohmann::json;

namespace {

struct fake_upload : staged_upload {
  std::atomic<int>& alive;
  file_record record;
  explicit fake_upload(std::atomic<int>& n) : alive(n) { ++alive; }
  ~fake_upload() override { --alive; }
  outcome<done> begin(const std::string& name) override {
    record = {};
    record.filename = name;
    return done{};
  }
  outcome<done> write(std::string_view bytes) override {
    record.size_bytes += bytes.size();
    return done{};
  }
  outcome<file_record> end() override { return record; }
  std::filesystem::path current() const override { return record.filename; }
  outcome<std::string> release() override { return std::string{"dir"}; }
};

struct fakes : batch_service,
               batch_reader,
               file_reader,
               blob_store,
               content_sniffer,
               event_streams {
  std::atomic<int> uploads{0};
  std::vector<new_batch> posted;

  outcome<submitted> submit(new_batch b) override {
    posted.push_back(std::move(b));
    return submitted{};
  }
  outcome<done> ready() override { return done{}; }
  outcome<batch_view> snapshot(const batch_id& id) override {
    if (posted.empty())
      return problem{code::no_such_batch, "Batch not found"};
    batch_view v;
    v.id = id;
    v.files = posted.back().files;
    return v;
  }
  outcome<std::string> version(const batch_id&) override {
    if (posted.empty())
      return problem{code::no_such_batch, "Batch not found"};
    return std::string{"v1"};
  }
  outcome<batch_page> list(const list_query&) override { return batch_page{}; }
  outcome<std::vector<analysis_record>> analyses(const batch_id&) override {
    return std::vector<analysis_record>{};
  }
  outcome<log_slice> events_after(int64_t, std::size_t) override {
    return log_slice{};
  }
  int64_t last_seq() override { return 0; }
  outcome<stored_file> file(const batch_id&, file_id) override {
    return problem{code::no_such_file, "File not found"};
  }
  outcome<stored_file> thumbnail(const batch_id&, file_id) override {
    return problem{code::no_such_file, "File not found"};
  }
  outcome<stored_file> report(const batch_id&) override {
    return problem{code::no_such_report, "Report not found"};
  }
  outcome<std::unique_ptr<staged_upload>> stage() override {
    return std::unique_ptr<staged_upload>{new fake_upload{uploads}};
  }
  void discard(const std::string&) override {}
  outcome<std::string> detect(const std::filesystem::path& p) override {
    return std::string{p.extension() == ".exe" ? "application/x-dosexec"
                                               : "text/plain"};
  }
  void adopt(subscription s) override {
    [[maybe_unused]] auto n = ::write(s.fd, "id: 7\n\n", 7);
    ::close(s.fd);
  }
  std::size_t count() const override { return 0; }
};

struct HttpTest : ::testing::Test {
  fakes f;
  std::unique_ptr<http_server> server;
  std::unique_ptr<httplib::Client> client;

  void SetUp() override {
    http_options o;
    o.port = 0;
    o.threads = 4;
    o.max_file_bytes = 1'000;
    o.max_batch_bytes = 1'500;
    o.max_files = 3;
    server = std::make_unique<http_server>(o, http_ports{f, f, f, f, f, f});
    auto port = server->start();
    ASSERT_TRUE(port) << port.why().detail;
    client = std::make_unique<httplib::Client>("127.0.0.1", port.value());
  }

  httplib::Result post(const httplib::MultipartFormDataItems& parts) {
    return client->Post("/api/v1/ingestion/batches", parts);
  }

  static httplib::MultipartFormData file(std::string name,
                                         std::string bytes = "x") {
    return {"files", std::move(bytes), std::move(name), "text/plain"};
  }

  void expect_problem(const httplib::Result& r, int status,
                      const std::string& part) {
    ASSERT_TRUE(r);
    EXPECT_EQ(r->status, status);
    EXPECT_EQ(r->get_header_value("Content-Type"), "application/problem+json");
    auto detail = json::parse(r->body).at("detail").get<std::string>();
    EXPECT_NE(detail.find(part), std::string::npos) << detail;
    EXPECT_EQ(f.uploads, 0) << "something half-stored remains";
    EXPECT_TRUE(f.posted.empty());
  }
};

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

TEST_F(HttpTest, EveryErrorIsAProblemWithADetail) {
  expect_problem(client->Get("/api/v1/ingestion/batches/none"), 404,
                 "Batch not found");
  expect_problem(client->Get("/api/v1/ingestion/reports/none"), 404,
                 "Report not found");
  expect_problem(client->Get("/nowhere"), 404, "");
}

TEST_F(HttpTest, AnswersErrorsWithCorsToo) {
  auto r = client->Get("/api/v1/ingestion/batches/none",
                       {{"Origin", "http://localhost:5173"}});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->get_header_value("Access-Control-Allow-Origin"),
            "http://localhost:5173");
  EXPECT_EQ(r->get_header_value("Vary"), "Origin");
}

TEST_F(HttpTest, PreflightsKnownOriginsOnly) {
  auto ask = [&](std::string origin) {
    httplib::Request q;
    q.method = "OPTIONS";
    q.path = "/api/v1/ingestion/batches";
    q.headers = {{"Origin", std::move(origin)},
                 {"Access-Control-Request-Headers", "X-Client"}};
    return client->send(q);
  };
  auto known = ask("http://localhost:5173");
  ASSERT_TRUE(known);
  EXPECT_EQ(known->status, 200);
  EXPECT_EQ(known->get_header_value("Access-Control-Allow-Headers"),
            "X-Client");
  EXPECT_EQ(ask("http://evil.example")->status, 400);
}

TEST_F(HttpTest, AStreamBeginsWithItsHeadAndIsHandedOver) {
  std::string body;
  auto r = client->Get("/api/v1/ingestion/events",
                       [&](const char* data, std::size_t n) {
                         body.append(data, n);
                         return true;
                       });
  ASSERT_TRUE(r);
  EXPECT_EQ(r->get_header_value("Content-Type"),
            "text/event-stream; charset=utf-8");
  EXPECT_NE(body.find("id: 7"), std::string::npos);
}

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
