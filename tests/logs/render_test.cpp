#include "logs/logger.hpp"
#include "logs/render.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace vigie;
using nlohmann::json;

namespace {

const utc_time noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}
                    + std::chrono::hours{12}};

std::string text(const log_entry& e) {
  return render(log_format::text, "vigied", e, noon);
}

json object(const log_entry& e) {
  return json::parse(render(log_format::json, "vigied", e, noon));
}

TEST(RenderTest, ATextLineBeginsWithTheProgramAndEndsWithTheTime) {
  EXPECT_EQ(text("ready"), "vigied: ready at=2026-01-02T12:00:00.000000Z");
  EXPECT_EQ(text({"no room", {{"batch", "b1"}}, log_level::warning}),
            "vigied: no room level=warning batch=b1 "
            "at=2026-01-02T12:00:00.000000Z");
}

TEST(RenderTest, NothingInALineCanEndItOrFakeAField) {
  auto line = text({"a\nvigied: b\x1b[31m", {{"node", "x at=1\n\"y\""}}});
  EXPECT_EQ(line.find('\n'), line.npos);
  EXPECT_EQ(line.find('\x1b'), line.npos);
  EXPECT_NE(line.find(R"(node="x at=1\n\"y\"")"), line.npos) << line;
}

TEST(RenderTest, AJsonLineHasUtcLevelMessageAndFields) {
  auto o = object({"no \"room\"\n", {{"batch", "b1"}}, log_level::error});
  EXPECT_EQ(o.at("time"), "2026-01-02T12:00:00.000000Z");
  EXPECT_EQ(o.at("level"), "error");
  EXPECT_EQ(o.at("program"), "vigied");
  EXPECT_EQ(o.at("message"), "no \"room\"\n");
  EXPECT_EQ(o.at("batch"), "b1");
}

TEST(RenderTest, WhatCountsIsANumberAndANameNeverIs) {
  auto o = object({"GET",
                   {{"status", "200"},
                    {"duration_seconds", "0.000125"},
                    {"bytes", "17"},
                    {"batch", "17"}}});
  EXPECT_EQ(o.at("status"), 200);
  EXPECT_EQ(o.at("duration_seconds"), 0.000125);
  EXPECT_EQ(o.at("bytes"), 17);
  EXPECT_EQ(o.at("batch"), "17");
}

TEST(RenderTest, BytesThatAreNoUtf8StillMakeJson) {
  EXPECT_EQ(object({"a\xff"}).at("message"), "a\xef\xbf\xbd");
}

TEST(LoggerTest, OnlyItsOwnWordsAreFormatsAndLevels) {
  EXPECT_EQ(parse_log_format("json"), log_format::json);
  EXPECT_FALSE(parse_log_format("JSON"));
  EXPECT_EQ(parse_log_level("warning"), log_level::warning);
  EXPECT_FALSE(parse_log_level("warn"));
}

TEST(LoggerTest, WhatWasNotedIsWrittenAtTheEndAndLowerLevelsAreNot) {
  ::testing::internal::CaptureStderr();
  {
    logger to{{"vigied", log_format::text, log_level::warning}};
    to.note("quiet");
    for (int i = 0; i < 100; ++i)
      to.note({"line " + std::to_string(i), {}, log_level::warning});
    to.end();
  }
  auto all = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(all.find("quiet"), all.npos);
  EXPECT_NE(all.find("vigied: line 0 "), all.npos);
  EXPECT_NE(all.find("vigied: line 99 "), all.npos);
}

} // namespace
