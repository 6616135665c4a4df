// top without a terminal: what is drawn at given sizes, what keys do.
#include "tools/vigie_admin/figures.hpp"
#include "tools/vigie_admin/terminal.hpp"
#include "tools/vigie_admin/top.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

actor_view actor(std::string kind, std::string batch, uint64_t mailbox,
                 double rate = 0) {
  actor_view a;
  a.kind = std::move(kind);
  a.node = "server";
  a.batch = std::move(batch);
  a.mailbox = mailbox;
  a.message = "work";
  a.per_second = rate;
  a.since = 1'250ms;
  return a;
}

top_model model() {
  top_model m;
  m.server = "127.0.0.1:8700";
  m.clock = "12:00:01";
  m.any = true;
  auto& last = m.last;
  auto slot = actor("slot", "", 0);
  slot.node = "node-b";
  slot.number = 2;
  slot.busy = true;
  slot.silent = 12'340ms;
  slot.restarts = 3;
  last.actors.rows = {actor("pipeline", "b-1", 4, 0.5), slot,
                      actor("store_keeper", "", 9, 120)};
  last.actors.kinds = {{"slot", 1, 1, 0}, {"pipeline", 1, 0, 4}};
  last.actors.total = 3;
  last.stages = {{"metadata", 0, 1}, {"vision", 12, 2}};
  last.streams = stream_figures{3, 12'500, 1};
  node_view n;
  n.name = "node-b";
  n.slots = 4;
  n.working = 1;
  n.silent = 800ms;
  last.nodes = {n};
  gate_row g;
  g.model = "gemini-2.5-flash";
  g.state = "paused";
  g.opens_in = 42'000ms;
  g.waiting = 3;
  g.requests_in_window = 10;
  g.rpm = 10;
  last.gates = {g};
  return m;
}

std::string text_of(top_model& m, std::size_t w, std::size_t h) {
  std::string out;
  for (auto& line : draw(m, w, h))
    out += line.text + "\n";
  return out;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

TEST(TopTest, ThePictureOf80By24IsThis) {
  auto m = model();
  EXPECT_EQ(
      text_of(m, 80, 24),
      "vigied 127.0.0.1:8700  12:00:01\n"
      "actors  3, 1 busy, 1 without answer, 4 messages waiting\n"
      "streams 3 clients, 12.5 kB waiting, 1 cut\n"
      "stages  metadata 0+1 vision 12+2  (waiting+in work)\n"
      "nodes   node-b  1/4 slots, heard 800 ms ago\n"
      "gemini  gemini-2.5-flash  paused, opens in 42.0 s, 3+0, minute 10/10, "
      "day 0\n"
      "KIND          NODE     BATCH         MAIL MESSAGE    STATE  "
      "           MSG/S RST\n"
      "slot 2        node-b                    0 work       no answ"
      "er 12.3 s      0   3\n"
      "store_keeper  server                    9 work       idle 1."
      "2 s          120   0\n"
      "pipeline      server   b-1              4 work       idle 1."
      "2 s          0.5   0\n"
          + std::string(13, '\n')
          + "q quit  s sort: work  k kind  b batch  p pause  ? help\n");
}

TEST(TopTest, NoLineIsWiderNorTheListLongerThanTheScreen) {
  auto m = model();
  for (auto i = 0; i < 500; ++i)
    m.last.actors.rows.push_back(
        actor("pipeline", std::string(300, 'b') + "é\x1b[2J", 1));
  for (auto i = 0; i < 40; ++i)
    m.last.nodes.push_back(m.last.nodes[0]);
  for (std::size_t w : {1, 39, 40, 66, 67, 80, 132, 400})
    for (std::size_t h : {1, 2, 7, 8, 10, 24, 60}) {
      auto lines = draw(m, w, h);
      EXPECT_LE(lines.size(), h);
      for (auto& line : lines) {
        EXPECT_LE(columns(line.text), w) << w << "x" << h;
        EXPECT_FALSE(has(line.text, "\x1b"));
      }
    }
  auto rows = draw(m, 80, 24);
  EXPECT_GE(std::count_if(rows.begin(), rows.end(),
                          [](auto& l) { return has(l.text, "server"); }),
            10)
      << "half of the screen is for actors";
}

TEST(TopTest, WhoDoesNotAnswerStandsOut) {
  auto m = model();
  auto lines = draw(m, 80, 24);
  auto slot = std::find_if(lines.begin(), lines.end(),
                           [](auto& l) { return has(l.text, "no answer"); });
  ASSERT_NE(slot, lines.end());
  EXPECT_EQ(slot->how, ink::bad);
}

TEST(TopTest, ANodeThatGetsNoWorkStandsOut) {
  auto m = model();
  m.last.nodes[0].benched = 28'000ms;
  EXPECT_TRUE(has(text_of(m, 80, 24), "heard 800 ms ago, benched 28.0 s"));
  m.last.nodes[0].benched = 0ms;
  m.last.nodes[0].on_trial = true;
  EXPECT_TRUE(has(text_of(m, 80, 24), "heard 800 ms ago, on trial"));
}

TEST(TopTest, OrderFiltersAndScrollingAreKeys) {
  auto m = model();
  EXPECT_EQ(chosen(m)[0].kind, "slot");
  m.press('s');
  EXPECT_EQ(chosen(m)[0].mailbox, 9u);
  m.press('s');
  EXPECT_EQ(chosen(m)[0].per_second, 120);
  m.press('s');
  EXPECT_EQ(chosen(m)[0].kind, "pipeline");
  m.press('s');
  EXPECT_EQ(chosen(m)[0].restarts, 3u);
  m.press('s');
  EXPECT_EQ(m.order, top_order::work);
  m.press('k');
  for (int c : {int{'p'}, int{'i'}, int{'q'}, key::backspace})
    EXPECT_TRUE(m.press(c));
  EXPECT_TRUE(has(text_of(m, 80, 24), "kind holds: pi_"));
  m.press(key::enter);
  ASSERT_EQ(chosen(m).size(), 1u);
  m.press('b');
  m.press('x');
  m.press(key::enter);
  EXPECT_TRUE(chosen(m).empty());
  EXPECT_TRUE(has(text_of(m, 80, 24), "k kind: pi  b batch: x"));
  m.press(key::escape);
  EXPECT_EQ(chosen(m).size(), 3u);
  m.press(key::page_down);
  text_of(m, 80, 24);
  EXPECT_EQ(m.first, 0u) << "all fit";
  EXPECT_FALSE(m.press('q'));
  EXPECT_FALSE(m.press(3)) << "Ctrl-C in a raw terminal";
}

TEST(TopTest, AHeldPictureAndALostServerSaySo) {
  auto m = model();
  m.press('p');
  EXPECT_TRUE(has(text_of(m, 80, 24), "12:00:01 paused"));
  m.trouble = "cannot reach 127.0.0.1:8700";
  m.age = 4'000ms;
  EXPECT_EQ(draw(m, 80, 24)[0].text,
            "no picture for 4.0 s paused: cannot reach 127.0.0.1:8700");
  EXPECT_TRUE(has(text_of(m, 80, 24), "store_keeper")) << "the last one stays";
  top_model fresh;
  fresh.server = "h:1";
  EXPECT_EQ(draw(fresh, 80, 24)[0].text, "connecting to h:1");
}

TEST(FiguresTest, AreShort) {
  EXPECT_EQ(brief(999ms), "999 ms");
  EXPECT_EQ(brief(12'345ms), "12.3 s");
  EXPECT_EQ(brief(100s), "1 min");
  EXPECT_EQ(brief(100min), "1.7 h");
  EXPECT_EQ(brief(100h), "4 d");
  EXPECT_EQ(brief_rate(0.04), "0");
  EXPECT_EQ(brief_rate(12.34), "12.3");
  EXPECT_EQ(brief_rate(1'234.5), "1,235");
  EXPECT_EQ(brief_bytes(999), "999 B");
  EXPECT_EQ(brief_bytes(12'500), "12.5 kB");
  EXPECT_EQ(brief_bytes(3'400'000'000), "3.4 GB");
  EXPECT_EQ(counted(1, "batch"), "1 batch");
  EXPECT_EQ(counted(1'200, "node"), "1,200 nodes");
  EXPECT_EQ(of(8, 15), "8/15");
  EXPECT_EQ(of(8, {}), "8");
}

} // namespace
