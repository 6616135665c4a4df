#include "http/gemini_reply.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <random>
#include <string>

using namespace vigie;
using nlohmann::json;

namespace {

json fixtures() {
  std::ifstream in{VIGIE_SOURCE_DIR "/tests/http/gemini_replies.json"};
  return json::parse(in);
}

TEST(GeminiReplyTest, EveryRecordedReplyIsUnderstood) {
  auto all = fixtures();
  ASSERT_GE(all.size(), 24u);
  for (auto& x : all) {
    auto name = x["name"].get<std::string>();
    auto r = classify(x["http"].get<int>(), x["body"].get<std::string>());
    auto& want = x["want"];
    EXPECT_EQ(to_string(r.kind), want["kind"].get<std::string>()) << name;
    if (want.contains("delay") && !want["delay"].is_null()) {
      ASSERT_TRUE(r.delay) << name;
      EXPECT_NEAR(r.delay->count(), want["delay"].get<double>(), 1e-9) << name;
    } else if (want.contains("delay")) {
      EXPECT_FALSE(r.delay) << name;
    }
    if (want.contains("dim")) {
      EXPECT_EQ(to_string(r.dim), want["dim"].get<std::string>()) << name;
    }
    if (want.contains("value")) {
      EXPECT_EQ(r.value, want["value"].get<int64_t>()) << name;
    }
  }
}

struct refusal_case {
  const char* name;
  int http;
  std::string body;
  const char* kind;
  double delay; ///< Negative: none.
};

TEST(GeminiReplyTest, FormsThatAreNotRecorded) {
  auto info = [](const std::string& delay) {
    return R"({"error":{"code":429,"message":"m","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":)"
           + delay + "}]}}";
  };
  auto inner = json{{"error", {{"code", 429}, {"message", info("\"7s\"")}}}};
  const refusal_case all[] = {
      {"fraction", 429, info("\"45.837906927s\""), "minute", 45.837906927},
      {"milliseconds", 429, info("\"900ms\""), "minute", 0.9},
      {"number", 429, info("12.5"), "minute", 12.5},
      {"object", 429, info(R"({"seconds":"3","nanos":500000000})"), "minute",
       3.5},
      {"NaN", 429, info("\"NaNs\""), "bare", -1},
      {"a message that is the JSON", 429, inner.dump(), "minute", 7},
      {"HTML", 502, "<html>Bad Gateway</html>", "transient", -1},
      {"error in a 200", 200, R"({"error":{"code":503,"message":"x"}})",
       "transient", -1},
      {"payment", 402, R"({"error":{"code":402,"message":"x"}})", "billing",
       -1},
      {"leaked key", 403,
       R"({"error":{"code":403,"message":"Your API key was reported as leaked","status":"PERMISSION_DENIED"}})",
       "key", -1},
      {"limit 0", 429,
       R"({"error":{"code":429,"message":"* metric: a, limit: 0\n* metric: b, limit: 0\nPlease retry in 10.2s."}})",
       "limit0", 10.2},
      {"absurd delay", 429, info("\"90000000s\""), "day", 90'000},
      {"empty", 429, "", "bare", -1},
      {"empty 200", 200, "{}", "malformed", -1},
      {"array of nothing", 200, "[]", "malformed", -1},
  };
  for (auto& c : all) {
    auto r = classify(c.http, c.body);
    EXPECT_EQ(to_string(r.kind), c.kind) << c.name;
    EXPECT_EQ(r.delay.has_value(), c.delay >= 0) << c.name;
    if (r.delay) {
      EXPECT_NEAR(r.delay->count(), c.delay, 1e-9) << c.name;
    }
  }
  EXPECT_NEAR(classify(429, info("\"5s\""), "30").delay->count(), 30, 1e-9)
      << "the header counts, and the largest wins";
}

TEST(GeminiReplyTest, NothingMakesItThrowOrAnswerAWildDelay) {
  auto all = fixtures();
  std::mt19937 dice{7};
  auto pick = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n - 1}(dice);
  };
  for (int i = 0; i < 20'000; ++i) {
    auto body = all[pick(all.size())]["body"].get<std::string>();
    for (auto n = 1 + pick(6); n > 0 && !body.empty(); --n) {
      auto at = pick(body.size());
      switch (pick(4)) {
      case 0:
        body[at] = static_cast<char>(pick(256));
        break;
      case 1:
        body.resize(at);
        break;
      case 2:
        body.insert(at, "-999999999999999999");
        break;
      default:
        body.insert(at, body.substr(0, pick(body.size())));
      }
    }
    auto r = classify(pick(2) ? 429 : 200, body);
    if (r.delay) {
      EXPECT_GE(r.delay->count(), 0);
      EXPECT_LE(r.delay->count(), 90'000);
    }
    EXPECT_LE(r.message.size(), 300u);
  }
  (void)classify(200, std::string(200'000, '['));
  (void)classify(429, std::string(200'000, '{'));
}

} // namespace
