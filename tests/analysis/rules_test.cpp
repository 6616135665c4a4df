#include "analysis/rules.hpp"

#include "analysis/encoding.hpp"
#include "domain/fold.hpp"
#include "tests/analysis/samples.hpp"

using namespace vigie;

namespace {

/// The rules that the product ships.
const observation_rules& shipped() {
  static auto rules = [] {
    auto read = read_rules(std::filesystem::path{VIGIE_SOURCE_DIR} / "config"
                           / "observation_rules.json");
    if (!read)
      throw std::runtime_error(read.why().detail);
    return std::move(read).value();
  }();
  return rules;
}

std::vector<observation> note(std::string_view text) {
  return observe_text(shipped(), "notes.txt", text, false);
}

std::vector<observation> log(std::string_view text) {
  return observe_text(shipped(), "acces.csv", text, true);
}

struct expected {
  std::string line, label;
  vigie::severity severity;
};

class RulesTest : public ::testing::TestWithParam<expected> {};

TEST_P(RulesTest, ALineYieldsLabelSeverityAndItsQuote) {
  auto found = note(GetParam().line + "\n");
  ASSERT_EQ(found.size(), 1u) << GetParam().line;
  EXPECT_EQ(found[0].label, GetParam().label);
  EXPECT_EQ(to_string(found[0].severity), to_string(GetParam().severity));
  EXPECT_EQ(found[0].filename, "notes.txt");
  EXPECT_EQ(found[0].source, "local");
  EXPECT_EQ(found[0].extra.at("quote"), GetParam().line);
  EXPECT_EQ(found[0].extra.at("line"), "1");
  EXPECT_EQ(found[0].extra.at("rule"), found[0].class_name);
}

INSTANTIATE_TEST_SUITE_P(
    Shipped, RulesTest,
    ::testing::Values(
        expected{"Extincteur couloir : ABSENT", "incendie", severity::high},
        expected{"Caméra nord : DÉFECTUEUSE", "malveillance", severity::high},
        expected{"camera 3 : DEFECTUEUX", "malveillance", severity::high},
        expected{"Issue de secours BLOQUÉE", "incendie", severity::critical},
        expected{"Porte coupe-feu BLOQUEE", "incendie", severity::high},
        expected{"Fire exit BLOCKED by boxes", "incendie", severity::critical},
        expected{"fire extinguisher MISSING", "incendie", severity::high},
        expected{"CCTV out of order", "malveillance", severity::high},
        expected{"mot de passe affiché", "cyber", severity::critical},
        expected{"Badge visiteur non restitué", "access_control",
                 severity::medium},
        expected{"WC insalubres", "hygiene", severity::medium},
        expected{"Vitre CASSÉE", "general", severity::low}));

TEST(RulesTextTest, LinesThatSayNothingWrongYieldNothing) {
  EXPECT_TRUE(
      note("Extincteur vérifié en mars\nCaméra en service\n\n").empty());
  EXPECT_TRUE(note("").empty());
}

TEST(RulesTextTest, AWordIsMatchedFromItsBeginningOnly) {
  EXPECT_TRUE(note("Bilan: tracasse le voisin").empty()); // "casse" inside
  EXPECT_EQ(note("vitre casse").size(), 1u);
}

TEST(RulesTextTest, LinesAreNumberedAndListMarksAreLeftOut) {
  auto found = note("AUDIT\r\n\r\n- Extincteur : ABSENT\r\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].extra.at("line"), "3");
  EXPECT_EQ(found[0].extra.at("quote"), "Extincteur : ABSENT");
}

TEST(RulesTextTest, ALongLineIsQuotedToItsFirst300BytesAndWholeCharacters) {
  std::string line = "ABSENT ";
  while (line.size() < 5'000)
    line += "é";
  auto found = note(line);
  ASSERT_EQ(found.size(), 1u);
  auto quote = found[0].extra.at("quote");
  EXPECT_LE(quote.size(), 303u);
  EXPECT_TRUE(valid_utf8(quote));
  EXPECT_TRUE(quote.ends_with("…"));
}

TEST(RulesTextTest, AFloodOfLinesIsCutAt500) {
  std::string text;
  for (int i = 0; i < 800; ++i)
    text += "badge absent\n";
  EXPECT_EQ(note(text).size(), 500u);
}

TEST(RulesCsvTest, RowsWithAnomalieTrueCountWithTheTopicOfTheRow) {
  auto found = log("date,action,zone,anomalie\n"
                   "2025-10-30,connexion,serveur,FALSE\n"
                   "2025-10-30,scan_ports,reseau,TRUE\n"
                   "2025-10-30,passage,hall,True\r\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].label, "cyber");
  EXPECT_EQ(found[0].severity, severity::high);
  EXPECT_EQ(found[0].extra.at("line"), "3");
  EXPECT_EQ(found[0].extra.at("quote"), "2025-10-30,scan_ports,reseau,TRUE");
  EXPECT_EQ(found[1].label, "access_control");
  EXPECT_EQ(found[1].severity, severity::medium);
  EXPECT_EQ(found[1].class_name, "log-anomaly");
}

TEST(RulesCsvTest, SeparatorsAndTrueValuesAreThoseOfFrenchAndEnglishTools) {
  EXPECT_EQ(log("zone;Anomalie\nhall;VRAI\nhall;FAUX\n").size(), 1u);
  EXPECT_EQ(log("zone\tanomaly\nhall\tyes\nhall\tno\n").size(), 1u);
  EXPECT_EQ(log("alert,zone\n1,hall\n0,hall\n").size(), 1u);
}

TEST(RulesCsvTest, QuotedCellsKeepTheirSeparators) {
  auto found = log("\"date\",\"zone\",\"anomalie\"\n"
                   "\"30/10\",\"hall, nord\",\"TRUE\"\n"
                   "\"31/10\",\"TRUE\",\"FALSE\"\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].extra.at("line"), "2");
}

TEST(RulesCsvTest, WithoutThatColumnRowsAreReadAsLines) {
  auto found = log("objet,etat\nextincteur,ABSENT\nbadge,rendu\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].label, "incendie");
}

TEST(RulesCsvTest, ShortRowsAndOpenQuotesAreNoMatter) {
  EXPECT_TRUE(log("a,b,anomalie\n1\n\"1,2,TRUE\n,,\n").empty());
}

TEST(FoldTest, FrenchLettersLoseCaseAndAccents) {
  EXPECT_EQ(fold("ÀÉÈÊËÎÏÔÙÛÜÇ àéèêëîïôùûüç ŒŒ œ Æ"),
            "aeeeeiiouuuc aeeeeiiouuuc oeoe oe ae");
  EXPECT_EQ(fold("日本 ×÷ ß"), "日本 ×÷ ß");
}

class RuleFileTest : public samples::folder {};

TEST_F(RuleFileTest, AFaultyFileIsAProblemThatNamesIt) {
  for (auto text : {"", "{", "[]", "{\"signs\": 3}",
                    R"({"signs": ["a"], "topics": [{"id": "x", "label": "y",
            "severity": "awful", "words": ["z"]}]})"}) {
    auto read = read_rules(put("my_rules.json", text));
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.why().detail.find("my_rules.json"), std::string::npos);
  }
  auto missing = read_rules(root / "no_rules.json");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.why().detail.find("no_rules.json"), std::string::npos);
}

TEST_F(RuleFileTest, AnUnknownSeverityIsNamed) {
  auto read = read_rules(put("r.json", R"({"signs": [], "topics": [],
      "otherwise": {"id": "a", "label": "b", "severity": "awful"}})"));
  ASSERT_FALSE(read);
  EXPECT_NE(read.why().detail.find("awful"), std::string::npos);
}

} // namespace
