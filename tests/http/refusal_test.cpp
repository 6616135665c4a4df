#include "fixture.hpp"

using namespace vigie;

namespace {

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

const std::string get = "GET /livez HTTP/1.1\r\nHost: h\r\n";
const std::string batches = " /api/v1/ingestion/batches HTTP/1.1\r\nHost: h\r\n"
                            "Origin: http://localhost:5173\r\n";

struct refusal_case {
  const char* name;
  int status;
  std::string request;
};

void PrintTo(const refusal_case& x, std::ostream* out) { *out << x.name; }

class EarlyRefusal : public HttpTest,
                     public ::testing::WithParamInterface<refusal_case> {};

TEST_P(EarlyRefusal, IsAProblemThatTheClientCanRead) {
  auto said = ask(GetParam().request);
  auto status = "HTTP/1.1 " + std::to_string(GetParam().status) + ' ';
  EXPECT_TRUE(said.starts_with(status)) << said;
  EXPECT_EQ(count_of(said, "HTTP/1.1 "), 1u) << "a second reading: " << said;
  for (auto header :
       {"application/problem+json", "X-Content-Type-Options: nosniff",
        "Connection: close", "Vary: Origin"})
    EXPECT_EQ(count_of(said, header), 1u) << header << " in " << said;
  if (count_of(GetParam().request, "Origin: ")) {
    EXPECT_EQ(count_of(said, "Allow-Origin: http://localhost:5173"), 1u);
  }
  EXPECT_EQ(count_of(said, "RESET") + count_of(said, "SILENCE"), 0u) << said;
  auto body = json::parse(said.substr(said.find("\r\n\r\n") + 4));
  EXPECT_EQ(body["status"], GetParam().status);
  EXPECT_TRUE(body["detail"].is_string());
  EXPECT_EQ(f.uploads, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, EarlyRefusal,
    ::testing::Values(
        refusal_case{"GetWithABody", 400, get + "Content-Length: 1\r\n\r\nx"},
        refusal_case{"HeadlessVersion", 400, "GET /\r\n\r\n"},
        refusal_case{"NoHost", 400, "GET / HTTP/1.1\r\n\r\n"},
        refusal_case{"BareLineFeeds", 400, "GET / HTTP/1.1\nHost: h\n\n"},
        refusal_case{"FoldedHeader", 400, get + "A: b\r\n c\r\n\r\n"},
        refusal_case{"SpaceBeforeColon", 400, get + "A : b\r\n\r\n"},
        refusal_case{"OddPercent", 400,
                     "GET /%u0041 HTTP/1.1\r\nHost: h\r\n\r\n"},
        refusal_case{"LengthAndChunked", 400,
                     "POST" + batches
                         + "Content-Length: 4\r\nTransfer-Encoding: "
                           "chunked\r\n\r\n0\r\n\r\n"
                         + get + "\r\n"},
        refusal_case{"DoubledLength", 400,
                     "POST" + batches
                         + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"},
        refusal_case{"ListOfLengths", 400,
                     "POST" + batches + "Content-Length: 1, 1\r\n\r\nx"},
        refusal_case{"SignedLength", 400,
                     "POST" + batches + "Content-Length: +1\r\n\r\nx"},
        refusal_case{"UnknownCoding", 501,
                     "POST" + batches + "Transfer-Encoding: gzip\r\n\r\n"},
        refusal_case{"UnknownMethod", 501, "BREW" + batches + "\r\n"},
        refusal_case{"NoLength", 411, "POST" + batches + "\r\n"},
        refusal_case{"Compressed", 415,
                     "POST" + batches
                         + "Content-Length: 1\r\nContent-Encoding: "
                           "gzip\r\n\r\nx"},
        refusal_case{"HugeLength", 413,
                     "POST" + batches + "Content-Length: 99999999999\r\n"
                         + "Expect: 100-continue\r\n\r\n"},
        refusal_case{"LargeBodyElsewhere", 413,
                     "POST /api/v1/ingestion/batches/b/analysis HTTP/1.1\r\n"
                     "Host: h\r\nContent-Length: 65537\r\n\r\n"
                         + std::string(65'537, 'x')},
        refusal_case{"LongTarget", 414,
                     "GET /" + std::string(9'000, 'a')
                         + " HTTP/1.1\r\nHost: h\r\n\r\n"},
        refusal_case{"EndlessTarget", 414, "GET /" + std::string(40'000, 'a')},
        refusal_case{"EndlessHead", 431,
                     get + "A: " + std::string(40'000, 'a')},
        refusal_case{"BrokenChunk", 400,
                     "POST /api/v1/ingestion/batches/b/analysis HTTP/1.1\r\n"
                     "Host: h\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\n"},
        refusal_case{"LargeChunk", 413,
                     "POST /api/v1/ingestion/batches/b/analysis HTTP/1.1\r\n"
                     "Host: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "10001\r\n"}),
    [](auto& x) { return x.param.name; });

TEST_F(HttpTest, ACommandNeedsNoBody) {
  ASSERT_EQ(post({file("a.txt")})->status, 202);
  auto said = ask("POST /api/v1/ingestion/batches/b/analysis HTTP/1.1\r\n"
                  "Host: h\r\n\r\nGET /livez HTTP/1.1\r\nHost: h\r\n"
                  "Connection: close\r\n\r\n");
  EXPECT_NE(said.find("HTTP/1.1 202 "), std::string::npos) << said;
  EXPECT_NE(said.find("HTTP/1.1 200 "), std::string::npos) << said;
}

TEST_F(HttpTest, PipelinedRequestsAreAnsweredInOrder) {
  auto said = ask(get
                  + "\r\n"
                    "POST /api/v1/ingestion/batches/b/analysis HTTP/1.1\r\n"
                    "Host: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "2;x=y\r\n{}\r\n0\r\n\r\n\r\n"
                  + get + "Connection: close\r\n\r\n");
  EXPECT_EQ(count_of(said, "HTTP/1.1 200"), 2u) << said;
  EXPECT_EQ(count_of(said, "HTTP/1.1 404"), 1u) << "no such batch: " << said;
  EXPECT_EQ(count_of(said, "Connection: close"), 1u) << said;
}

TEST_F(HttpTest, ALargeBodyIsReadOnUntilItsRefusalIsRead) {
  raw_client c{port};
  c.say("POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n");
  // Without the reading on, a reset would come in the middle of this.
  EXPECT_TRUE(c.say(std::string(8'000'000, 'x')));
  auto said = c.rest();
  EXPECT_TRUE(said.starts_with("HTTP/1.1 413 ")) << said;
  EXPECT_EQ(count_of(said, "RESET"), 0u);
}

struct ImpatientTest : HttpTest {
  ImpatientTest() {
    using std::chrono::milliseconds;
    o.pace = {milliseconds{20}, milliseconds{40}, milliseconds{40}, 1'000'000};
    o.head_time = milliseconds{50};
    o.linger = milliseconds{50};
  }
};

TEST_F(ImpatientTest, AnUploadThatStallsLeavesNothing) {
  auto said = ask("POST" + batches
                  + "Content-Type: multipart/form-data; boundary=B\r\n"
                    "Content-Length: 900\r\n\r\n"
                    "--B\r\nContent-Disposition: form-data; name=\"files\"; "
                    "filename=\"x.txt\"\r\n\r\nhalf of it, and no more");
  EXPECT_TRUE(said.starts_with("HTTP/1.1 408 ")) << said;
  EXPECT_EQ(count_of(said, "request_timeout"), 1u);
  EXPECT_EQ(f.uploads, 0);
  EXPECT_TRUE(f.posted.empty());
}

TEST_F(ImpatientTest, AHeadThatStallsIsRefused) {
  EXPECT_TRUE(ask(get).starts_with("HTTP/1.1 408 "));
}

TEST_F(HttpTest, StopsRightAfterStart) {
  for (int i = 0; i < 20; ++i) {
    http_server other{o, http_ports{f, f, f, f, f, f, f, f}};
    ASSERT_TRUE(other.start());
    other.stop();
  }
}

TEST_F(HttpTest, AServerThatCannotListenSaysSo) {
  o.port = port;
  http_server other{o, http_ports{f, f, f, f, f, f, f, f}};
  auto started = other.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.why().detail.find(std::to_string(port)), std::string::npos);
}

} // namespace
