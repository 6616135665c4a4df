#include "tests/http/fixture.hpp"

using namespace vigie;

namespace {

struct AnalysisTest : HttpTest {
  const std::string url = "/api/v1/ingestion/batches/b/analysis";
  void SetUp() override {
    HttpTest::SetUp();
    ASSERT_EQ(post({file("a.txt")})->status, 202);
  }
  auto again(const std::string& body) {
    return client->Post(url, body, "application/json");
  }
};

TEST_F(AnalysisTest, AgainAnswersThePendingRecordAndSaysWhoAsked) {
  auto r = again("");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 202);
  auto record = json::parse(r->body);
  EXPECT_EQ(record["status"], "pending");
  EXPECT_EQ(record["attempts"], 0);
  EXPECT_EQ(r->get_header_value("Location"), url);
  EXPECT_EQ(again(R"({"requested_by": "Zoé"})")->status, 202);
  EXPECT_EQ(f.reruns, (std::vector<std::string>{"api:manual", "Zoé"}));
}

TEST_F(AnalysisTest, ABadBodyIsRefusedAndBeginsNothing) {
  for (auto* body : {"[]", "{", R"({"requested_by": 7})",
                     R"({"requested_by": ""})", R"({"requested_by": "a\nb"})"})
    EXPECT_EQ(again(body)->status, 400) << body;
  EXPECT_EQ(again(std::string(5'000, ' '))->status, 413);
  EXPECT_TRUE(f.reruns.empty());
}

TEST_F(AnalysisTest, RefusalsKeepTheirWords) {
  for (auto [id, words] :
       {std::pair{code::analysis_disabled, "Gemini analysis disabled."},
        std::pair{code::analysis_no_key, "Gemini API key missing."}}) {
    f.rerun_refusal = problem{id, words};
    auto r = again("");
    EXPECT_EQ(r->status, 409);
    EXPECT_EQ(json::parse(r->body)["detail"], words);
  }
}

TEST_F(AnalysisTest, TheQuotaBoardShowsEachGate) {
  gate_board b;
  b.model = "m";
  b.state = "paused";
  b.paused_until = *parse_time("2026-11-24T10:00:00Z");
  b.waiting = 3;
  b.rpm = 15;
  b.waiters.push_back({"b", 3, *parse_time("2026-11-24T10:09:00Z")});
  f.boards = {b};
  auto r = client->Get("/api/v1/gemini/quota");
  ASSERT_EQ(r->status, 200);
  auto m = json::parse(r->body)["models"][0];
  EXPECT_EQ(m["paused_until"], "2026-11-24T10:00:00.000000Z");
  EXPECT_EQ(m["limits"]["rpm"], 15);
  EXPECT_TRUE(m["limits"]["tpm"].is_null());
  EXPECT_EQ(m["waiters"][0]["batch_id"], "b");
}

} // namespace
