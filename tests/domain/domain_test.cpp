#include "domain/duplicates.hpp"
#include "domain/local_summary.hpp"
#include "domain/names.hpp"
#include "domain/problem.hpp"
#include "domain/scoring.hpp"
#include "domain/sse.hpp"
#include "domain/stages.hpp"
#include "domain/time.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

observation seen(std::string label, severity s) {
  observation o;
  o.filename = "n.txt";
  o.label = std::move(label);
  o.severity = s;
  return o;
}

TEST(TimeTest, ReadsBothFormsAndWritesBothForms) {
  auto t = parse_time("2026-11-23 13:46:33.307169");
  ASSERT_TRUE(t);
  EXPECT_EQ(rfc3339(*t), "2026-11-23T13:46:33.307169Z");
  EXPECT_EQ(parse_time("2026-11-23T13:46:33.307169Z"), t);
  EXPECT_EQ(sql_time(*t), "2026-11-23 13:46:33.307169");
}

TEST(TimeTest, RefusesWhatIsNoTime) {
  for (auto bad : {"", "yesterday", "2026-13-01 00:00:00", "2026-02-30 1:2:3"})
    EXPECT_FALSE(parse_time(bad)) << bad;
}

TEST(NamesTest, BatchIdsAreOfTheAllowedLetters) {
  EXPECT_TRUE(valid_batch_id("a-b_c.D9"));
  EXPECT_TRUE(valid_batch_id(std::string(128, 'x')));
  for (auto bad : {"", ".x", "a/b", "a b", "é"})
    EXPECT_FALSE(valid_batch_id(bad)) << bad;
  EXPECT_FALSE(valid_batch_id(std::string(129, 'x')));
}

TEST(NamesTest, AFileNameKeepsItsBaseNameOnly) {
  EXPECT_EQ(clean_filename("../../etc/passwd"), "passwd");
  EXPECT_EQ(clean_filename("C:\\x\\câble.png"), "câble.png");
  EXPECT_EQ(clean_filename(".."), "file");
  EXPECT_EQ(clean_filename("...hidden"), "hidden");
  EXPECT_EQ(clean_filename(std::string{"a\0\r\nb", 5}), "ab");
  EXPECT_EQ(clean_filename("a\xFF.txt"), "a\xEF\xBF\xBD.txt");
}

TEST(NamesTest, ALongNameIsCutBetweenTwoCharacters) {
  std::string name;
  for (int i = 0; i < 200; ++i)
    name += "é";
  auto cut = clean_filename(name + ".png");
  EXPECT_LE(cut.size(), 255u);
  EXPECT_TRUE(cut.ends_with("é.png"));
}

TEST(NamesTest, TwoFilesOfOneNameAreNumbered) {
  std::set<std::string> taken;
  EXPECT_EQ(unique_filename("n.txt", taken), "n.txt");
  EXPECT_EQ(unique_filename("N.txt", taken), "N (2).txt");
  EXPECT_EQ(unique_filename("n (2).txt", taken), "n (2) (2).txt");
}

TEST(ScoringTest, MultipliesSeverityByLabel) {
  auto risk = score({seen("incendie", severity::high),
                     seen("cyber", severity::critical),
                     seen("general", severity::negligible)},
                    {}, {});
  EXPECT_DOUBLE_EQ(risk.total, 5 * 1.4 + 8 * 1.5 + 0.5);
  EXPECT_DOUBLE_EQ(risk.normalized, risk.total / 100);
  ASSERT_EQ(risk.breakdown.size(), 3u);
  EXPECT_EQ(risk.breakdown[0].label, "cyber");
  EXPECT_EQ(risk.breakdown[0].severity, severity::critical);
}

TEST(ScoringTest, ATenthStaysATenth) {
  std::vector<observation> all(3, seen("hygiene", severity::low));
  auto risk = score(all, {}, {}); // 1.2 three times
  EXPECT_EQ(risk.total, 3.6);
  EXPECT_EQ(risk.breakdown.front().score, 3.6);
}

TEST(ScoringTest, NeverExceedsOne) {
  std::vector<observation> many(100, seen("malveillance", severity::critical));
  EXPECT_DOUBLE_EQ(score(many, {}, {}).normalized, 1.0);
}

TEST(DuplicatesTest, TellsExactFromNear) {
  auto found = find_duplicates(
      {{"a", "1", 0xFF}, {"b", "1", 0xFF}, {"c", "2", 0xFE}, {"d", "3", ~0ull}},
      {});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].class_name, "duplicate-exact");
  EXPECT_EQ(found[1].class_name, "duplicate-near");
  EXPECT_EQ(found[1].extra.at("of"), "a");
}

TEST(SummaryTest, NamesTheWorstFirst) {
  auto all = std::vector{seen("general", severity::low),
                         seen("incendie", severity::critical)};
  auto risk = score(all, {}, {});
  auto out = summarize({}, all, risk, {});
  ASSERT_EQ(out.findings.size(), 2u);
  EXPECT_NE(out.findings[0].find("Incendie"), std::string::npos);
  EXPECT_EQ(out.recommendations.size(), 2u);
}

TEST(SseTest, EveryLineOfDataHasItsField) {
  EXPECT_EQ(sse_frame(7, "{\n}"), "id: 7\ndata: {\ndata: }\n\n");
}

TEST(SseTest, AnEventIdIsDigitsOnly) {
  EXPECT_EQ(parse_event_id("42"), 42);
  for (auto bad : {"", "-1", "4x", "99999999999999999999"})
    EXPECT_FALSE(parse_event_id(bad)) << bad;
}

TEST(StagesTest, ProgressStaysInItsRange) {
  EXPECT_EQ(between(25, 45, 0, 3), 25);
  EXPECT_EQ(between(25, 45, 3, 3), 45);
  EXPECT_EQ(between(25, 45, 0, 0), 45);
}

TEST(DocumentsTest, NameEveryEvent) {
  std::ifstream in{VIGIE_SOURCE_DIR "/docs/http_api.md"};
  std::string text{std::istreambuf_iterator<char>(in), {}};
  for (auto& e : event_rows())
    EXPECT_NE(text.find("| `" + std::string{e.code} + "` |"), std::string::npos)
        << e.code;
}

} // namespace
