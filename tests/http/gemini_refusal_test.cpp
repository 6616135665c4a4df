// What hostile and broken refusals teach us: nothing that is not told.
#include "http/gemini_reply.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace vigie;
using nlohmann::json;

namespace {

json with_details(const std::string& message, json details) {
  return {{"error",
           {{"code", 429},
            {"message", message},
            {"status", "RESOURCE_EXHAUSTED"},
            {"details", std::move(details)}}}};
}

json quota(const std::string& id, json value) {
  return {
      {"violations", {{{"quotaId", id}, {"quotaValue", std::move(value)}}}}};
}

model_reply refused(const json& body) { return classify(429, body.dump()); }

const auto per_minute = "GenerateRequestsPerMinutePerProjectPerModel";

TEST(GeminiRefusalTest, OtherWindowsThanAMinuteTeachNoLimit) {
  for (auto id : {"GenerateRequestsPerSecondPerProjectPerModel",
                  "GenerateRequestsPerHourPerProjectPerModel",
                  "GenerateContentInputTokensPerModelPerSecond",
                  "ConcurrentRequestsPerProject"}) {
    auto r = refused(with_details("* metric: requests, limit: 2",
                                  {quota(id, "2"), {{"retryDelay", "3s"}}}));
    EXPECT_EQ(r.kind, reply_kind::minute) << id;
    EXPECT_EQ(r.dim, quota_dim::none) << id;
    EXPECT_FALSE(r.value) << id;
    EXPECT_EQ(r.quota_id, id);
    ASSERT_TRUE(r.delay) << id;
    EXPECT_NEAR(r.delay->count(), 3, 1e-9) << id;
  }
  auto both = refused(
      with_details("m", {quota("GenerateRequestsPerSecondPerProject", "2"),
                         quota(per_minute, "15")}));
  EXPECT_EQ(both.dim, quota_dim::rpm) << "the minute beside it counts";
  EXPECT_EQ(both.value, 15);
}

TEST(GeminiRefusalTest, TokensOfADayAreNoNumberOfRequests) {
  auto r = refused(with_details(
      "m", {quota("GenerateContentInputTokensPerModelPerDay", "1000000")}));
  EXPECT_EQ(r.kind, reply_kind::day);
  EXPECT_FALSE(r.value);
}

TEST(GeminiRefusalTest, AnInnerErrorKeepsTheOuterDetails) {
  auto inner = json{{"error", {{"message", "x"}}}}.dump();
  auto r = refused(with_details(
      "got " + inner, {quota(per_minute, "15"), {{"retryDelay", "30s"}}}));
  EXPECT_EQ(r.kind, reply_kind::minute);
  EXPECT_EQ(r.dim, quota_dim::rpm);
  EXPECT_EQ(r.value, 15);
  ASSERT_TRUE(r.delay);
  EXPECT_NEAR(r.delay->count(), 30, 1e-9);
  auto day = refused(with_details(
      "got " + inner, {quota("GenerateRequestsPerDayPerProject", "250")}));
  EXPECT_EQ(day.kind, reply_kind::day);
  auto said = refused(with_details(inner + " Please retry in 12.5s.", {}));
  ASSERT_TRUE(said.delay) << "words around the inner error count, too";
  EXPECT_NEAR(said.delay->count(), 12.5, 1e-9);
}

TEST(GeminiRefusalTest, AMessageAloneTellsMetricAndLimit) {
  auto words = [](const char* metric, const char* limit) {
    return refused(with_details(
        std::string{"You exceeded your current quota.\n* Quota exceeded for "
                    "metric: generativelanguage.googleapis.com/"}
            + metric + ", limit: " + limit
            + ", model: m\nPlease retry in 9.5s.",
        json::array()));
  };
  auto minute = words("generate_content_free_tier_requests", "15");
  EXPECT_EQ(minute.dim, quota_dim::rpm);
  EXPECT_EQ(minute.value, 15);
  auto tokens =
      words("generate_content_free_tier_input_token_count", "250,000");
  EXPECT_EQ(tokens.dim, quota_dim::tpm);
  EXPECT_EQ(tokens.value, 250'000);
  auto day = words("generate_requests_per_model_per_day", "1,500,000");
  EXPECT_EQ(day.kind, reply_kind::day);
  EXPECT_EQ(day.value, 1'500'000);
}

TEST(GeminiRefusalTest, NumbersThatAreNoQuotaAreNotThere) {
  for (json value : {json("-5"), json(-5), json(18'446'744'073'709'551'615u),
                     json("18446744073709551615"), json("0.5"), json(0.5),
                     json("15x"), json(""), json("1,00")}) {
    auto r = refused(with_details("m", {quota(per_minute, value)}));
    EXPECT_EQ(r.kind, reply_kind::minute) << value;
    EXPECT_FALSE(r.value) << value;
  }
  EXPECT_EQ(refused(with_details("m", {quota(per_minute, 15.0)})).value, 15);
  EXPECT_EQ(refused(with_details("m", {quota(per_minute, "1,000")})).value,
            1'000);
  auto half = refused(with_details(
      "* metric: a, limit: 0.5\nPlease retry in 5s.", json::array()));
  EXPECT_EQ(half.kind, reply_kind::minute) << "a fraction is not 0";
  EXPECT_FALSE(half.value);
}

TEST(GeminiRefusalTest, AbsurdDelaysAreClampedAndBrokenOnesMissing) {
  auto nines = std::string(400, '9');
  for (json delay : {json("99999999999s"), json(nines + "s"), json(1e300),
                     json{{"seconds", 9'000'000'000'000}}}) {
    auto r = refused(with_details("m", {{{"retryDelay", delay}}}));
    ASSERT_TRUE(r.delay) << delay;
    EXPECT_NEAR(r.delay->count(), 90'000, 1e-9) << delay;
  }
  for (json delay : {json{{"seconds", 3}, {"nanos", 1'000'000'000}},
                     json{{"seconds", 3}, {"nanos", -1}}, json("-1s"),
                     json("infs"), json("1e9s")}) {
    auto r = refused(with_details("m", {{{"retryDelay", delay}}}));
    EXPECT_FALSE(r.delay) << delay;
    EXPECT_EQ(r.kind, reply_kind::bare) << delay;
  }
  auto one = with_details("m", json{{"retryDelay", "7s"}});
  ASSERT_TRUE(refused(one).delay) << "one detail without its list";
}

TEST(GeminiRefusalTest, OnlyGooglesOwnWordsStopTheGate) {
  for (auto body : {"<html><h1>403 Forbidden</h1></html>", "", "denied",
                    R"({"error":"forbidden"})", R"({"message":"no"})"})
    for (auto http : {401, 403, 404})
      EXPECT_EQ(classify(http, body).kind, reply_kind::transient)
          << http << " " << body;
  auto google = [](int http, const char* status) {
    return classify(
               http,
               json{{"error",
                     {{"code", http}, {"message", "m"}, {"status", status}}}}
                   .dump())
        .kind;
  };
  EXPECT_EQ(google(401, "UNAUTHENTICATED"), reply_kind::key);
  EXPECT_EQ(google(403, "PERMISSION_DENIED"), reply_kind::key);
  EXPECT_EQ(google(404, "NOT_FOUND"), reply_kind::model);
}

} // namespace
