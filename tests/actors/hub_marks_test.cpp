// Leases that break: what it says of the file, what of the node.
// Over budget: one rule, from all sides.
#include "tests/actors/hub_fixture.hpp"

using namespace vigie;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

/// Nodes that pull as real ones do, and beat with what they hold.
struct HubMarksTest : HubFixture {
  std::vector<log_entry> log;  ///< Of nodes.
  std::vector<log_entry> lost; ///< Of jobs.
  strings waits;               ///< What the asker was told it waits for.
  std::vector<analysis_result> answers;
  caf::actor asker, puller;
  std::map<std::string, bool> asking;
  bool two_batches = false; ///< Odd files are of the one, even of the other.
  std::map<std::string, std::deque<analysis_job>> given, held;

  void SetUp() override {
    hub_rules rules;
    rules.log = [this](const log_entry& line) {
      (line.text.starts_with("node ") ? log : lost).push_back(line);
    };
    start_hub(rules);
    asker = track(caf::actor{sys.spawn([this](caf::event_based_actor* me) {
      return caf::behavior{
          [this, me](const analysis_job& j) { me->send(hub, work_atom_v, j); },
          [this](const analysis_result& r) { answers.push_back(r); },
          [this](waits_atom, const std::string& what) {
            waits.push_back(what);
          }};
    })});
    puller = track(caf::actor{sys.spawn([this](caf::event_based_actor* me) {
      return caf::behavior{[this, me](const std::string& node) {
        me->request(hub, caf::infinite, pull_atom_v, node)
            .then(
                [this, me, node](const analysis_job& j) {
                  if (j.id == 0) {
                    me->send(me, node);
                    return;
                  }
                  asking[node] = false;
                  given[node].push_back(j);
                },
                [this, node](const caf::error&) { asking[node] = false; });
      }};
    })});
  }

  /// The file n is called n.
  void file(int64_t n, uint64_t bytes = 1, bool image = false) {
    auto j = job(two_batches && n % 2 == 0 ? "c" : "b", std::to_string(n));
    j.file = {n};
    j.bytes = bytes;
    if (image) {
      j.content_type = "image/png";
      j.what = stage::text;
    }
    caf::anon_send(asker, j);
    settle();
  }
  void files(int64_t from, int64_t to) {
    for (auto n = from; n <= to; ++n)
      file(n);
  }
  /// What a free slot of the node has by now; it asks on.
  std::string takes(const std::string& node) {
    if (!told.count(node))
      join(node);
    if (given[node].empty() && !std::exchange(asking[node], true))
      caf::anon_send(puller, node);
    settle();
    if (given[node].empty())
      return "-";
    held[node].push_back(given[node].front());
    given[node].pop_front();
    return held[node].back().filename;
  }
  analysis_job last(const std::string& node) {
    auto j = held[node].back();
    held[node].pop_back();
    return j;
  }
  void breaks(const std::string& node) { broke(node, last(node), "crash"); }
  void does(const std::string& node) { EXPECT_TRUE(finish(node, last(node))); }
  void gives_back(const std::string& node) {
    self->send(hub, undone_atom_v, node, last(node).token);
    settle();
  }
  std::string takes_and_breaks(const std::string& node) {
    auto name = takes(node);
    if (name != "-")
      breaks(node);
    return name;
  }
  /// Three files in a row.
  void falls_sick(const std::string& node) {
    for (int i = 0; i < 3; ++i)
      ASSERT_NE(takes_and_breaks(node), "-");
  }
  void wait(std::chrono::seconds how_long) {
    for (auto t = 0s; t < how_long; t += 1s) {
      for (auto& [node, heard] : told) {
        std::vector<uint64_t> tokens;
        for (auto all : {&held, &given})
          for (auto& j : (*all)[node])
            tokens.push_back(j.token);
        beat(node, tokens);
      }
      pass(1s);
    }
  }
  /// How long until the node gets something.
  std::chrono::seconds waits_for_work(const std::string& node) {
    for (auto t = 0s; t < 1h; t += 1s) {
      if (takes(node) != "-")
        return t;
      wait(1s);
    }
    return 1h;
  }
  int answers_of_broken() const {
    auto broken = [](auto& r) { return r.error_code == broken_code; };
    return static_cast<int>(
        std::count_if(answers.begin(), answers.end(), broken));
  }
  node_view view(const std::string& boot_id) {
    node_view out;
    auto r = self->request(hub, caf::infinite, nodes_atom_v);
    settle();
    r.receive(
        [&](const nodes_ptr& all) {
          for (auto& n : *all)
            if (n.boot_id == boot_id)
              out = n;
        },
        [](const caf::error& e) { FAIL() << to_string(e); });
    return out;
  }
  uint64_t able() {
    uint64_t out = 0;
    auto r = self->request(hub, caf::infinite, stats_atom_v);
    settle();
    r.receive([&](const hub_stats& x) { out = x.able; },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return out;
  }
};

TEST_F(HubMarksTest, AFileThatBrokeOnANodeGoesToAnother) {
  join("b");
  file(1);
  EXPECT_EQ(takes_and_breaks("a"), "1");
  wait(3s);
  EXPECT_EQ(takes("a"), "-");
  file(2);
  EXPECT_EQ(takes("a"), "2") << "what comes after it is not held up";
  EXPECT_EQ(takes("b"), "1");
}

TEST_F(HubMarksTest, ANodeThatIsAloneGetsItAgainAfterTheOthers) {
  files(1, 2);
  EXPECT_EQ(takes_and_breaks("a"), "1");
  EXPECT_EQ(takes("a"), "2");
  does("a");
  EXPECT_EQ(takes("a"), "1");
}

TEST_F(HubMarksTest, ANodeThatCannotDoItOrLeavesIsNoOther) {
  join("deaf", {});
  join("leaves");
  self->send(hub, drain_atom_v, std::string{"node-leaves"});
  file(1, 1, true);
  EXPECT_EQ(takes_and_breaks("a"), "1");
  EXPECT_EQ(takes("a"), "1");
}

TEST_F(HubMarksTest, WhatAllHaveBrokenEndsAsEver) {
  join("b");
  file(1);
  EXPECT_EQ(takes_and_breaks("a"), "1");
  EXPECT_EQ(takes_and_breaks("b"), "1");
  EXPECT_TRUE(answers.empty());
  EXPECT_EQ(takes_and_breaks("a"), "1");
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].error_code, broken_code);
}

TEST_F(HubMarksTest, AnotherNodeThatNeverTakesItDoesNotHoldItForEver) {
  join("idle");
  file(1);
  EXPECT_EQ(takes_and_breaks("a"), "1");
  auto took = waits_for_work("a");
  EXPECT_GE(took, 330s);
  EXPECT_LE(took, 333s);
}

TEST_F(HubMarksTest, ThreeFilesInARowBenchANode) {
  two_batches = true;
  files(1, 4);
  falls_sick("a");
  EXPECT_EQ(takes("a"), "-");
  EXPECT_EQ(view("a").benched, 30s);
  EXPECT_FALSE(view("a").on_trial);
  EXPECT_EQ(able(), 0u) << "readiness says so";
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].text, "node node-a gets no work for 30 s: its slots ended "
                         "at 3 files in a row");
  EXPECT_EQ(log[0].level, log_level::warning);
  EXPECT_EQ(waits_for_work("a"), 30s);
  EXPECT_EQ(held["a"].back().filename, "4") << "one that has not broken here";
  EXPECT_EQ(able(), 1u);
  EXPECT_TRUE(view("a").on_trial);
  wait(5s);
  EXPECT_EQ(takes("a"), "-") << "one job at a time";
  does("a");
  EXPECT_EQ(takes("a"), "1") << "at once";
  EXPECT_EQ(takes("a"), "2");
  EXPECT_FALSE(view("a").on_trial);
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[1].text, "node node-a works again");
}

TEST_F(HubMarksTest, FilesOfOneBatchKeepOthersFromNothing) {
  files(1, 4);
  falls_sick("a");
  EXPECT_EQ(view("a").benched, 2s);
  EXPECT_EQ(takes("a"), "-");
  EXPECT_EQ(able(), 1u) << "for other batches";
  two_batches = true;
  file(8);
  EXPECT_EQ(takes("a"), "8") << "at once";
  file(10);
  wait(1s);
  EXPECT_EQ(takes("a"), "-") << "one at a time";
  does("a");
  EXPECT_NE(takes("a"), "-");
  EXPECT_EQ(able(), 1u);
}

TEST_F(HubMarksTest, ManyNodesOfOneBundleAreOneWhenTheyBreakFiles) {
  for (auto life : {"0", "1", "2"})
    join(life, {}, 4, 0, "node-evil");
  join("honest");
  files(1, 2);
  EXPECT_EQ(takes_and_breaks("0"), "1");
  EXPECT_EQ(takes("1"), "2");
  breaks("1");
  EXPECT_EQ(takes("2"), "-");
  EXPECT_EQ(takes("0"), "-");
  for (auto name : {"1", "2"}) {
    EXPECT_EQ(takes("honest"), name);
    does("honest");
  }
  EXPECT_EQ(answers_of_broken(), 0);
}

TEST_F(HubMarksTest, ThePauseDoublesUpToTenMinutes) {
  two_batches = true;
  files(1, 10);
  falls_sick("a");
  for (auto pause : {30s, 60s, 120s, 240s, 480s, 600s, 600s}) {
    EXPECT_EQ(waits_for_work("a"), pause);
    breaks("a");
  }
  EXPECT_TRUE(answers.empty()) << "no file is given up for it";
}

TEST_F(HubMarksTest, AnAnswerBetweenKeepsANodeAtWork) {
  files(1, 6);
  for (int i = 0; i < 3; ++i) {
    EXPECT_NE(takes_and_breaks("a"), "-");
    EXPECT_NE(takes("a"), "-");
    does("a");
  }
  EXPECT_EQ(able(), 1u);
  EXPECT_TRUE(log.empty());
}

TEST_F(HubMarksTest, AFileThatBreaksAgainSaysNothingOfTheNode) {
  two_batches = true;
  file(1);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(takes_and_breaks("a"), "1");
  EXPECT_EQ(answers.size(), 1u);
  files(2, 3);
  EXPECT_EQ(takes_and_breaks("a"), "2");
  EXPECT_EQ(able(), 1u);
  EXPECT_EQ(takes_and_breaks("a"), "3");
  EXPECT_EQ(able(), 0u) << "three files";
}

TEST_F(HubMarksTest, ACutLineSaysNothingOfTheNode) {
  files(1, 4);
  for (auto name : {"1", "2", "3"})
    EXPECT_EQ(takes("a"), name);
  pass(11s);
  held.clear();
  join("a");
  EXPECT_EQ(able(), 1u);
}

TEST_F(HubMarksTest, WhoJoinsAgainIsStillBenched) {
  two_batches = true;
  files(1, 4);
  falls_sick("a");
  lose("a");
  asking.clear();
  join("a");
  EXPECT_EQ(view("a").benched, 30s);
  EXPECT_EQ(takes("a"), "-");
}

TEST_F(HubMarksTest, WhatWaitsForABenchedNodeSaysSo) {
  two_batches = true;
  files(1, 3);
  falls_sick("a");
  file(4);
  wait(7s);
  std::sort(waits.rbegin(), waits.rend());
  EXPECT_EQ(waits,
            (strings{"another-node", "another-node", "another-node", ""}));
}

TEST_F(HubMarksTest, WhatBrokeOnASickNodeIsNotTheFilesFault) {
  files(1, 3);
  falls_sick("a");
  for (auto name : {"1", "2", "3"})
    EXPECT_EQ(takes("b"), name);
  does("b");
  does("b");
  breaks("b");
  EXPECT_EQ(takes_and_breaks("b"), "1");
  EXPECT_EQ(answers_of_broken(), 0) << "two breaks, not three";
  EXPECT_EQ(takes_and_breaks("b"), "1");
  EXPECT_EQ(answers_of_broken(), 1);
}

TEST_F(HubMarksTest, WhatBrokeElsewhereTooCounts) {
  two_batches = true;
  join("a");
  join("b");
  files(1, 3);
  EXPECT_EQ(takes_and_breaks("b"), "1");
  falls_sick("a"); // 1, 2, 3
  EXPECT_EQ(able(), 1u);
  EXPECT_EQ(takes("b"), "2");
  EXPECT_EQ(takes("b"), "3");
  EXPECT_EQ(takes_and_breaks("b"), "1");
  EXPECT_EQ(answers_of_broken(), 1) << "the third";
}

TEST_F(HubMarksTest, WhatASickNodeIsStillAtIsForgivenToo) {
  files(1, 4);
  for (auto name : {"1", "2", "3", "4"})
    EXPECT_EQ(takes("a"), name);
  for (int i = 0; i < 4; ++i)
    breaks("a"); // 4, 3, 2: benched; 1
  EXPECT_EQ(log.size(), 1u);
  EXPECT_EQ(takes_and_breaks("b"), "1");
  for (auto name : {"2", "3", "4"}) {
    EXPECT_EQ(takes("b"), name);
    does("b");
  }
  EXPECT_EQ(takes_and_breaks("b"), "1");
  EXPECT_EQ(answers_of_broken(), 0);
}

TEST_F(HubMarksTest, FilesThatBreakALoneNodeEndAllTheSame) {
  files(1, 5);
  auto took = 0s;
  auto leases = 0;
  while (answers.size() < 5 && leases < 100) {
    took += waits_for_work("a");
    breaks("a");
    ++leases;
  }
  EXPECT_EQ(answers_of_broken(), 5);
  EXPECT_EQ(leases, 20) << "three each, and one that was forgiven";
  EXPECT_LT(took, 45min);
}

TEST_F(HubMarksTest, APoisonFileDoesNotHoldUpALoneNode) {
  file(1);
  for (auto next : {"2", "3", "4"}) {
    EXPECT_EQ(takes_and_breaks("a"), "1");
    file(std::stoi(next));
    EXPECT_EQ(takes("a"), next);
    does("a");
  }
  EXPECT_EQ(answers_of_broken(), 1);
  EXPECT_TRUE(log.empty()) << "never benched";
  ASSERT_FALSE(lost.empty());
  EXPECT_TRUE(lost.front().text.starts_with("job lost: "));
  EXPECT_TRUE(lost.back().text.starts_with("file quarantined: "));
  EXPECT_EQ(lost.back().level, log_level::warning);
}

TEST_F(HubMarksTest, AFileThatIsTooLargeForANodeIsNotOfferedToIt) {
  join("small", {"ocr:eng", "ocr:fra"}, 4, 5u << 20);
  file(1, (5u << 20) + 1);
  EXPECT_EQ(takes("small"), "-");
  wait(7s);
  EXPECT_EQ(waits, strings{"file-mb:6"});
  file(2, 5u << 20);
  EXPECT_EQ(takes("small"), "2") << "others are not held up";
  EXPECT_EQ(takes("any"), "1");
}

TEST_F(HubMarksTest, ASlowLineIsNeitherTheFilesFaultNorTheNodes) {
  file(1);
  EXPECT_EQ(takes("a"), "1");
  auto token = held["a"].back().token;
  auto beats = [&](lease_list what) {
    caf::scoped_actor heart{sys};
    auto r = heart->request(hub, caf::infinite, beat_atom_v, std::string{"a"},
                            std::move(what));
    settle();
    r.receive(
        [](const lease_list& stale) { EXPECT_TRUE(stale.tokens.empty()); },
        [](const caf::error& e) { FAIL() << to_string(e); });
  };
  for (int s = 0; s < 1'000; s += 2) { // longer than a job may take
    if (s % 50 == 0)
      self->send(hub, fetch_atom_v, std::string{"a"}, token);
    beats({{}, {token}});
    pass(2s);
  }
  for (int s = 0; s < 320; s += 2) {
    beats({{token}, {}});
    pass(2s);
  }
  does("a");
  EXPECT_EQ(answers.size(), 1u);
}

TEST_F(HubMarksTest, AFileOfWhichNothingIsAskedGoesBack) {
  file(1);
  EXPECT_EQ(takes("a"), "1");
  auto token = held["a"].back().token;
  for (int s = 0; s < 70; s += 2) {
    caf::scoped_actor heart{sys};
    heart->send(hub, beat_atom_v, std::string{"a"}, lease_list{{}, {token}});
    pass(2s);
  }
  held.clear();
  EXPECT_EQ(takes("b"), "1");
  EXPECT_EQ(answers_of_broken(), 0);
}

TEST_F(HubMarksTest, WhatIsGivenBackGoesToAnotherAtOnce) {
  join("b");
  file(1);
  EXPECT_EQ(takes("a"), "1");
  gives_back("a");
  wait(4s);
  EXPECT_EQ(takes("a"), "-");
  EXPECT_EQ(takes("b"), "1");
}

TEST_F(HubMarksTest, WhatALoneNodeGivesBackRestsLongerAndLonger) {
  file(1);
  EXPECT_EQ(takes("a"), "1");
  for (auto rest : {2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    gives_back("a");
    EXPECT_EQ(waits_for_work("a"), rest);
  }
  EXPECT_EQ(waits, strings{"another-node"});
  EXPECT_TRUE(answers.empty()) << "costs no attempt";
  does("a");
  EXPECT_EQ(answers.size(), 1u);
}

TEST(WireTest, CarriesWhatANodeTakesAndHowItFares) {
  caf::actor_system_config cfg;
  cfg.add_message_types<caf::id_block::vigie>();
  caf::actor_system sys{cfg};
  admin_answer told, back;
  told.nodes.emplace_back().benched = 29s;
  told.nodes[0].on_trial = true;
  hello who{"1", "boot", "token", 2, {"ocr:fra"}, 7}, same;
  caf::binary_serializer::container_type bytes;
  caf::binary_serializer out{sys, bytes};
  ASSERT_FALSE(out(told, who));
  caf::binary_deserializer in{sys, bytes};
  ASSERT_FALSE(in(back, same));
  EXPECT_EQ(back.nodes.at(0).benched, 29s);
  EXPECT_TRUE(back.nodes[0].on_trial);
  EXPECT_EQ(same.largest_file, 7u);
}

} // namespace
