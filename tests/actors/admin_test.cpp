// ADMIN with the real WORKER_HUB; FRONT and CLERK are stand-ins.
#include "actors/admin.hpp"
#include "actors/census.hpp"
#include "tests/actors/hub_fixture.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct AdminTest : HubFixture {
  std::vector<quarantined_file> rows;
  std::optional<problem> trouble;
  std::string released, told_front;
  std::shared_ptr<outcome<done>> verdict =
      std::make_shared<outcome<done>>(done{});
  admin_args args;
  admin_actor office;

  void SetUp() override {
    start_hub({});
    args.hub = hub;
    args.front = stand_in<front_actor>(caf::behavior{
        [this](retry_atom, const batch_id& id, const std::string& file) {
          released = id.text + "/" + file;
          return std::make_shared<const outcome<done>>(*verdict);
        },
        [this](cancel_atom, const batch_id& id) {
          told_front = "cancel " + id.text;
          return std::make_shared<const outcome<done>>(*verdict);
        },
        [this](retry_atom, const batch_id& id) {
          told_front = "retry " + id.text;
          return std::make_shared<const outcome<done>>(*verdict);
        },
        [this](purge_atom, const batch_id& id, const std::string& file) {
          told_front = "purge " + id.text + "/" + file;
          return std::make_shared<const outcome<done>>(*verdict);
        }});
    args.clerk = stand_in<clerk_actor>(
        caf::behavior{[this](quarantine_atom, uint64_t limit) {
          auto all = rows;
          all.resize(std::min<std::size_t>(limit, all.size()));
          using files = outcome<std::vector<quarantined_file>>;
          return std::make_shared<const files>(trouble ? files{*trouble}
                                                       : files{all});
        }});
  }

  template <class Handle>
  Handle stand_in(caf::behavior does) {
    return caf::actor_cast<Handle>(track(caf::actor{
        sys.spawn([does](caf::event_based_actor*) { return does; })}));
  }

  /// Takes every message and answers none.
  template <class Handle>
  Handle mute() {
    return caf::actor_cast<Handle>(
        track(caf::actor{sys.spawn([](caf::event_based_actor* me) {
          me->set_default_handler(caf::skip);
          return caf::behavior{[](stop_atom) {}};
        })}));
  }

  /// The answer, or why not, after at most ten seconds.
  std::pair<admin_answer, std::string> order(std::string command,
                                             std::vector<std::string> words) {
    if (!office)
      office = track(sys.spawn(admin, args));
    std::pair<admin_answer, std::string> out;
    auto r = self->request(office, caf::infinite, admin_atom_v,
                           admin_ask{"1", "", command, words});
    settle();
    if (!self->has_next_message())
      pass(9s);
    r.receive([&](admin_answer& x) { out.first = std::move(x); },
              [&](const caf::error& e) {
                out.second = e.context().get_as<std::string>(0);
              });
    return out;
  }
};

TEST_F(AdminTest, TellsEveryNodeAndTheTotals) {
  join("n1", {"ocr:fra"}, 2);
  ask(job("b", "a.txt"));
  ask(job("b", "b.txt"));
  pull("n1");
  pass(2s);
  auto seen = order("nodes", {}).first;
  ASSERT_EQ(seen.nodes.size(), 1u);
  auto& n = seen.nodes[0];
  EXPECT_EQ(n.name, "node-n1");
  EXPECT_EQ(n.slots, 2u);
  EXPECT_EQ(n.working, 1u);
  EXPECT_EQ(n.silent, 2s);
  EXPECT_EQ(n.abilities, std::set<std::string>{"ocr:fra"});
  EXPECT_FALSE(n.draining);
  EXPECT_EQ(seen.queued, 1u);
  EXPECT_EQ(seen.leased, 1u);
}

TEST_F(AdminTest, NodesStandByName) {
  join("z");
  self->send(hub, lost_atom_v, std::string{"z"});
  for (auto& [boot_id, name] : {std::pair{"1", "zoe"}, std::pair{"2", "ada"}}) {
    auto r = self->request(hub, caf::infinite, join_atom_v,
                           hello{"1", boot_id, "", 1, {}}, std::string{name},
                           links["z"]);
    settle();
    r.receive([](const welcome&) {},
              [](const caf::error& e) { FAIL() << to_string(e); });
  }
  auto seen = order("nodes", {}).first.nodes;
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].name, "ada");
}

TEST_F(AdminTest, ADrainReachesTheNodeOfThatNameAlone) {
  join("n1");
  join("n2");
  EXPECT_EQ(order("drain", {"node-n2"}).first.told, 1u);
  EXPECT_EQ(told["n1"]->drains, 0);
  EXPECT_EQ(told["n2"]->drains, 1);
  EXPECT_NE(order("drain", {"n2"}).second, "") << "no such name";
}

TEST_F(AdminTest, TheListIsBoundedAndSaysThatThereIsMore) {
  rows.resize(most_quarantined);
  auto all = order("quarantine", {"list"}).first;
  EXPECT_EQ(all.quarantined.size(), most_quarantined);
  EXPECT_FALSE(all.more);
  rows.resize(most_quarantined + 1);
  auto some = order("quarantine", {"list"}).first;
  EXPECT_EQ(some.quarantined.size(), most_quarantined);
  EXPECT_TRUE(some.more);
  trouble = problem{code::storage_down, "the disk is asleep"};
  EXPECT_EQ(order("quarantine", {"list"}).second, "the disk is asleep");
}

TEST_F(AdminTest, AReleaseIsFrontsWord) {
  EXPECT_EQ(order("quarantine", {"release", "b", "a.txt"}).second, "");
  EXPECT_EQ(released, "b/a.txt");
  *verdict = problem{code::batch_busy, "still being processed"};
  EXPECT_EQ(order("quarantine", {"release", "b", "a.txt"}).second,
            "still being processed");
}

TEST_F(AdminTest, OrdersAboutBatchesAreFrontsWord) {
  for (auto& [command, words, heard] : std::vector<
           std::tuple<std::string, std::vector<std::string>, std::string>>{
           {"cancel", {"b"}, "cancel b"},
           {"retry", {"b"}, "retry b"},
           {"quarantine", {"purge", "b", "a.txt"}, "purge b/a.txt"}}) {
    *verdict = outcome<done>{done{}};
    EXPECT_EQ(order(command, words).second, "");
    EXPECT_EQ(told_front, heard);
    *verdict = problem{code::batch_busy, "not now"};
    EXPECT_EQ(order(command, words).second, "not now");
  }
}

TEST_F(AdminTest, ALookHasTheActorsOfEveryNodeThatAnswersInTime) {
  args.broadcaster = mute<broadcaster_actor>();
  join("n1");
  join("n2");
  office = track(sys.spawn(admin, args));
  auto r = self->request(office, caf::infinite, admin_atom_v,
                         admin_ask{"1", "", "top", {}});
  settle();
  ASSERT_EQ(told["n1"]->reports.size(), 1u);
  auto number = told["n1"]->reports[0];
  actor_sheet sheet;
  sheet.total = 2;
  sheet.rows.resize(2);
  sheet.rows[0].kind = "slot";
  auto send = [&](std::string node, uint64_t look) {
    caf::anon_send(office, report_atom_v, node, look, sheet);
  };
  send("n1", number + 1); // of no look
  send("n3", number);     // never asked
  send("n1", number);
  send("n1", number); // once is enough
  settle();
  pass(2s);
  admin_answer out;
  r.receive([&](admin_answer& x) { out = std::move(x); },
            [](const caf::error& e) { FAIL() << to_string(e); });
  EXPECT_EQ(out.nodes.size(), 2u);
  EXPECT_EQ(out.actors.total, 3u) << "two of n1, and LOOKER itself";
  auto of = [&](std::string node) {
    return std::count_if(out.actors.rows.begin(), out.actors.rows.end(),
                         [&](auto& a) { return a.node == node; });
  };
  EXPECT_EQ(of("node-n1"), 2);
  ASSERT_EQ(of("server"), 1);
  auto looker = std::find_if(out.actors.rows.begin(), out.actors.rows.end(),
                             [](auto& a) { return a.node == "server"; });
  EXPECT_EQ(looker->kind, "looker");
  EXPECT_FALSE(looker->busy) << "who looks is not at work";
  ASSERT_EQ(of("node-n2"), 1);
  EXPECT_EQ(out.actors.rows[0].node, "node-n2") << "silent goes first";
  EXPECT_EQ(out.actors.rows[0].silent, 1'800ms);
  EXPECT_FALSE(out.streams) << "nor did BROADCASTER answer";
}

TEST_F(AdminTest, WhoDoesNotAnswerIsNamedBeforeTheOperatorGivesUp) {
  args.hub = mute<hub_actor>();
  args.front = mute<front_actor>();
  args.clerk = mute<clerk_actor>();
  for (auto why : {order("nodes", {}).second, order("drain", {"a"}).second})
    EXPECT_EQ(why, "the worker hub does not answer");
  EXPECT_EQ(order("quarantine", {"list"}).second,
            "the database does not answer");
  EXPECT_NE(order("quarantine", {"release", "b", "a"}).second, "");
}

TEST_F(AdminTest, WhatIsNoCommandIsRefused) {
  for (auto& [command, words] :
       std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"", {}},
           {"cancel", {}},
           {"batches", {"status=done"}},
           {"quarantine", {"purge", "b", ""}},
           {"nodes", {"all"}},
           {"drain", {}},
           {"quarantine", {}},
           {"quarantine", {"release", "b"}},
           {"quarantine", {"release", "b", ""}}})
    EXPECT_NE(order(command, words).second, "") << command;
  EXPECT_EQ(released, "");
}

} // namespace
