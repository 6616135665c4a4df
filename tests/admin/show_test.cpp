#include "tools/vigie_admin/show.hpp"
#include "tools/vigie_admin/terminal.hpp"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

TEST(TerminalTest, WhatCouldSteerATerminalIsNotShown) {
  EXPECT_EQ(printable("a\x1b[31mb\n\x7f"), "a?[31mb??");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            "?2J")
      << "C1: CSI in one character";
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "fdp"),
            "a?fdp")
      << "right to left";
  EXPECT_EQ(printable("\xff\xc3"), "??");
  EXPECT_EQ(printable("\xc0\xaf"), "??") << "overlong";
  EXPECT_EQ(printable("déjà …"), "déjà …");
}

TEST(TerminalTest, ColumnsStandWhateverTheAccents) {
  EXPECT_EQ(table({{"A", "B"}, {"été", "x"}, {"ab", "y"}}),
            "A    B\nété  x\nab   y\n");
}

TEST(TerminalTest, ALongTextIsCutBetweenCharacters) {
  EXPECT_EQ(shortened("éééé", 4), "éééé");
  EXPECT_EQ(shortened("ééééé", 4), "ééé…");
}

admin_answer two_nodes() {
  admin_answer told;
  node_view n;
  n.name = "local";
  n.boot_id = "0123456789abcdef0123456789abcdef";
  n.version = "0.2.0";
  n.slots = 2;
  n.working = 1;
  n.silent = 1'340ms;
  n.abilities = {"ocr:eng", "ocr:fra"};
  told.nodes.push_back(n);
  n.name = "node-b";
  n.draining = true;
  n.abilities = {"\x1b]0;x", "vision:" + std::string(64, 'a')};
  told.nodes.push_back(n);
  told.queued = 1;
  told.leased = 2;
  return told;
}

TEST(ShowTest, NodesAreATableWithTotals) {
  EXPECT_EQ(
      as_text({"nodes"}, two_nodes()),
      "NAME    BOOT      VERSION  SLOTS  WORKING  FREE  SILENT  STATE     "
      "ABILITIES\n"
      "local   01234567  0.2.0    2      1        0     1.3 s   ready     "
      "ocr:eng ocr:fra\n"
      "node-b  01234567  0.2.0    2      1        0     1.3 s   "
      "draining  ?]0;x vision:aaaaaaaaaaaa…\n\n"
      "2 nodes, 4 slots; 1 job queued, 2 in work\n");
}

TEST(ShowTest, ANodeThatGetsNoWorkSaysForHowLong) {
  auto told = two_nodes();
  told.nodes[0].benched = 28'400ms;
  told.nodes[1].draining = false;
  told.nodes[1].on_trial = true;
  auto text = as_text({"nodes"}, told);
  EXPECT_NE(text.find("benched 28.4 s  ocr:eng"), std::string::npos) << text;
  EXPECT_NE(text.find("on trial        ?]0;x"), std::string::npos) << text;
  auto j = nlohmann::json::parse(as_json({"nodes"}, told));
  EXPECT_EQ(j["nodes"][0]["benched_seconds"], 28.4);
  EXPECT_EQ(j["nodes"][0]["on_trial"], false);
  EXPECT_EQ(j["nodes"][1]["on_trial"], true);
}

TEST(ShowTest, JsonIsWhole) {
  auto j = nlohmann::json::parse(as_json({"nodes"}, two_nodes()));
  EXPECT_EQ(j["queued"], 1);
  EXPECT_EQ(j["nodes"][0]["boot_id"], "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(j["nodes"][0]["silent_seconds"], 1.34);
  EXPECT_EQ(j["nodes"][1]["abilities"][0], "\x1b]0;x") << "escaped, not lost";
}

TEST(ShowTest, JsonSurvivesBrokenNames) {
  admin_answer told;
  told.quarantined.push_back({{"b"}, {7}, "\xff.txt", stage::text, {}, "why"});
  auto j = nlohmann::json::parse(as_json({"quarantine", "list"}, told));
  EXPECT_EQ(j["files"][0]["stage"], "text");
  EXPECT_EQ(j["more"], false);
}

TEST(ShowTest, AListThatWasCutSaysSo) {
  admin_answer told;
  EXPECT_EQ(as_text({"quarantine", "list"}, told),
            "no file is in quarantine\n");
  told.quarantined.push_back({{"b"}, {7}, "n.txt", stage::text, {}, "why"});
  told.more = true;
  auto text = as_text({"quarantine", "list"}, told);
  EXPECT_NE(text.find("b      7   n.txt  1970-01-01T00:00:00Z  text   why\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("older ones"), std::string::npos);
}

} // namespace
