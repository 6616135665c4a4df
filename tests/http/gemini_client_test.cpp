#include "http/gemini_answers.hpp"
#include "http/gemini_client.hpp"
#include "http/gemini_request.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// An upstream of our own on a real port.
struct GeminiClientTest : ::testing::Test {
  httplib::Server server;
  std::thread thread;
  int port = 0;
  httplib::Request seen;
  std::function<void(const httplib::Request&, httplib::Response&)> reply;
  std::shared_ptr<model_client> client;

  void SetUp() override {
    server.Post("/v1beta/models/([^/:]+):generateContent",
                [this](const auto& q, auto& res) {
                  seen = q;
                  reply(q, res);
                });
    port = server.bind_to_any_port("127.0.0.1");
    thread = std::thread{[this] { server.listen_after_bind(); }};
    while (!server.is_running())
      std::this_thread::yield();
    client = make_gemini_client(
        {"http://127.0.0.1:" + std::to_string(port), "the-key"});
  }
  void TearDown() override {
    server.stop();
    thread.join();
  }
  static model_request request() {
    model_request r;
    r.model = "m";
    r.instruction = "be brief";
    r.user_text = "look";
    r.image = model_image{"image/png", "",
                          std::make_shared<const std::string>("\x89PNG")};
    r.schema_json = image_schema_json();
    r.timeout = 5s;
    return r;
  }
  static std::chrono::duration<double> took(auto what) {
    auto t = std::chrono::steady_clock::now();
    what();
    return std::chrono::steady_clock::now() - t;
  }
};

TEST_F(GeminiClientTest, SendsTheKeyInAHeaderAndTheSchemaInTheBody) {
  reply = [](auto&, auto& res) {
    res.set_content(
        R"({"candidates":[{"content":{"parts":[{"text":"{}"}]},"finishReason":"STOP"}],"modelVersion":"m-2"})",
        "application/json");
  };
  auto r = client->call(request(), {});
  EXPECT_EQ(r.kind, reply_kind::ok);
  EXPECT_EQ(r.model_version, "m-2");
  EXPECT_EQ(seen.get_header_value("x-goog-api-key"), "the-key");
  EXPECT_EQ(seen.target.find("the-key"), std::string::npos);
  auto body = json::parse(seen.body);
  auto& parts = body["contents"][0]["parts"];
  EXPECT_EQ(parts[0]["text"], "look");
  EXPECT_EQ(parts[1]["inlineData"]["data"], "iVBORw==");
  auto& config = body["generationConfig"];
  EXPECT_EQ(config["responseMimeType"], "application/json");
  EXPECT_EQ(config["responseSchema"]["type"], "OBJECT");
  EXPECT_FALSE(config.contains("temperature"));
  EXPECT_EQ(body["safetySettings"].size(), 4u);
}

TEST_F(GeminiClientTest, ADrippingServerIsCutAtTheTimeOut) {
  reply = [](auto&, auto& res) {
    res.set_chunked_content_provider("application/json",
                                     [](std::size_t, httplib::DataSink& sink) {
                                       std::this_thread::sleep_for(50ms);
                                       return sink.write(" ", 1);
                                     });
  };
  auto q = request();
  q.timeout = 400ms;
  model_reply r;
  auto t = took([&] { r = client->call(q, {}); });
  EXPECT_EQ(r.kind, reply_kind::transient);
  EXPECT_LT(t.count(), 3);
}

TEST_F(GeminiClientTest, AStopEndsTheCallEarly) {
  std::atomic<bool> over{false};
  reply = [&](auto&, auto&) {
    for (int i = 0; i < 200 && !over; ++i)
      std::this_thread::sleep_for(10ms);
  };
  std::stop_source stop;
  std::jthread later{[&] {
    std::this_thread::sleep_for(100ms);
    stop.request_stop();
  }};
  model_reply r;
  auto t = took([&] { r = client->call(request(), stop.get_token()); });
  over = true;
  EXPECT_EQ(r.kind, reply_kind::transient);
  EXPECT_EQ(r.http, 0);
  EXPECT_LT(t.count(), 1.5);
}

TEST_F(GeminiClientTest, NobodyThereIsTransientAndAMissingImageIsNot) {
  auto deaf = make_gemini_client({"http://127.0.0.1:1", "the-key"});
  auto r = deaf->call(request(), {});
  EXPECT_EQ(r.kind, reply_kind::transient);
  EXPECT_EQ(r.message.find("the-key"), std::string::npos);
  auto q = request();
  q.image = model_image{"image/png", "/nowhere/x.png", nullptr};
  r = client->call(q, {});
  EXPECT_EQ(r.kind, reply_kind::bad_request);
  EXPECT_EQ(r.message.find("/nowhere"), std::string::npos);
}

TEST(GeminiAnswersTest, VulnerabilitiesBecomeObservationsWithinBounds) {
  auto answers = make_model_answers();
  json v{{"type", "fire"},
         {"severity", "high"},
         {"description", std::string(5'000, 'x')},
         {"box", {1, 2, 3, 4}}};
  json all{{"summary", "s"},
           {"security_level", "low"},
           {"vulnerabilities", json::array()}};
  EXPECT_TRUE(answers->image(all.dump(), "f", {}).value().observations.empty())
      << "a low level is no alert";
  for (int i = 0; i < 80; ++i)
    all["vulnerabilities"].push_back(v);
  auto out = answers->image("```json\n" + all.dump() + "\n```", "f", {});
  ASSERT_TRUE(out);
  ASSERT_EQ(out.value().observations.size(), 50u);
  auto& o = out.value().observations[0];
  EXPECT_EQ(o.label, "security_fire");
  EXPECT_EQ(o.extra.at("category"), "incendie");
  EXPECT_EQ(o.extra.at("description").size(), 1'000u);
  EXPECT_EQ(o.severity, severity::high);
  EXPECT_FALSE(answers->image("[]", "f", {}));
  EXPECT_FALSE(answers->image("{}", "f", {}));
  EXPECT_FALSE(answers->summary(R"({"text": 5})"));
  auto high = answers->image(
      R"({"security_level":"critical","vulnerabilities":[],"summary":"s"})",
      "f", {});
  EXPECT_EQ(high.value().observations.size(), 1u);
}

} // namespace
