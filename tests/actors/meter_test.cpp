// Meters and the census, and LOOKER, on real and on fake time.
#include "actors/looker.hpp"
#include "actors/metered.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <algorithm>
#include <future>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

caf::behavior counting(caf::event_based_actor*) {
  return {[](beat_atom, int) {}, [](join_atom) { return 1; },
          [](lost_atom) { throw std::runtime_error("a bug"); }};
}

/// Asks its friend and takes the answer.
caf::behavior asking(caf::event_based_actor* self, caf::actor friend_of) {
  return {[=](ask_atom) {
    self->request(friend_of, caf::infinite, join_atom_v)
        .then([](int) {}, [](const caf::error&) {});
  }};
}

struct MeterTest : ActorTest {
  meter_tag tag(std::string batch = "", actor_kind kind = actor_kind::slot) {
    meter_tag t;
    t.kind = kind;
    if (!batch.empty())
      t.batch = std::make_shared<const std::string>(batch);
    return t;
  }

  caf::actor hire(std::string batch = "") {
    return track(spawn_metered(sys, tag(batch), counting));
  }

  static std::optional<meter_reading> reading(const caf::actor& of) {
    for (auto& r : census::here().read())
      if (r.id == of.id())
        return r;
    return std::nullopt;
  }

  actor_sheet look(look_rules rules) {
    auto who = sys.spawn(looker, rules);
    auto r = self->request(who, caf::infinite, look_atom_v);
    settle();
    if (!self->has_next_message())
      pass(2s);
    actor_sheet out;
    r.receive([&](const sheet_ptr& x) { out = *x; },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return out;
  }
};

TEST_F(MeterTest, WhatWaitsIsTheMailboxAndWhatIsDoneIsCounted) {
  auto a = hire("b-1");
  for (auto i = 0; i < 3; ++i)
    caf::anon_send(a, beat_atom_v, i);
  auto before = reading(a).value();
  EXPECT_EQ(before.mailbox, 3u);
  EXPECT_EQ(before.handled, 0u);
  EXPECT_EQ(before.view().message, "") << "none yet";
  settle();
  auto v = reading(a).value().view();
  EXPECT_EQ(v.mailbox, 0u);
  EXPECT_EQ(v.handled, 3u);
  EXPECT_EQ(v.message, "beat");
  EXPECT_EQ(v.kind, "slot");
  EXPECT_EQ(v.batch, "b-1");
  EXPECT_FALSE(v.busy);
  EXPECT_FALSE(v.silent);
}

TEST_F(MeterTest, AnswersCountAsMessagesToo) {
  auto a = hire();
  auto b = track(spawn_metered(sys, tag(), asking, a));
  caf::anon_send(b, ask_atom_v);
  settle();
  EXPECT_EQ(reading(b)->handled, 2u) << "the question and the answer";
  EXPECT_EQ(reading(b)->view().message, "answer");
  EXPECT_EQ(reading(b)->mailbox, 0u);
}

TEST_F(MeterTest, WhoHasEndedIsNotCountedWhoeverHoldsAHandle) {
  auto a = hire();
  ASSERT_TRUE(reading(a));
  caf::anon_send_exit(a, caf::exit_reason::kill);
  settle();
  EXPECT_FALSE(reading(a));
  auto b = hire();
  caf::anon_send(b, lost_atom_v);
  settle();
  EXPECT_FALSE(reading(b)) << "it threw";
}

TEST_F(MeterTest, AChildHasTheBatchOfItsParent) {
  auto parent = hire("b-7");
  auto* raw = static_cast<caf::local_actor*>(
      caf::actor_cast<caf::abstract_actor*>(parent));
  auto t = tag_below(raw, kind_of(stage::text));
  ASSERT_TRUE(t.batch);
  EXPECT_EQ(*t.batch, "b-7");
  EXPECT_STREQ(to_string(t.kind), "text");
  EXPECT_STREQ(to_string(kind_of(stage::report)), "report");
  count_restart(raw);
  EXPECT_EQ(reading(parent)->restarts, 1u);
}

TEST_F(MeterTest, TotalsAreByKind) {
  auto a = hire(), b = hire();
  auto c = track(spawn_metered(sys, tag("", actor_kind::depot), counting));
  caf::anon_send(c, beat_atom_v, 1);
  auto all = census::here().totals();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].kind, "depot");
  EXPECT_EQ(all[0].mailbox, 1u);
  EXPECT_EQ(all[1].actors, 2u);
}

TEST_F(MeterTest, ALookAsksAndTheQuestionIsNoWork) {
  auto a = hire();
  caf::anon_send(a, beat_atom_v, 1);
  settle();
  auto sheet = look({});
  ASSERT_EQ(sheet.rows.size(), 1u);
  EXPECT_EQ(sheet.total, 1u);
  EXPECT_FALSE(sheet.rows[0].silent) << "it has answered";
  EXPECT_EQ(sheet.rows[0].handled, 1u);
  EXPECT_EQ(sheet.rows[0].mailbox, 0u);
  EXPECT_EQ(sheet.rows[0].message, "beat");
}

TEST_F(MeterTest, TheRateIsWhatIsDoneWhileALookLasts) {
  auto a = hire();
  auto who = sys.spawn(looker, look_rules{});
  auto r = self->request(who, caf::infinite, look_atom_v);
  settle();
  for (auto i = 0; i < 10; ++i)
    caf::anon_send(a, beat_atom_v, i);
  settle();
  EXPECT_FALSE(self->has_next_message());
  pass(500ms);
  r.receive([](const sheet_ptr& x) { EXPECT_EQ(x->rows.at(0).per_second, 20); },
            [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(MeterTest, ALookHasRoomForTheBusiestAndCanBeNarrow) {
  auto a = hire("b-1"), b = hire("b-2"), c = hire();
  caf::anon_send(b, beat_atom_v, 1);
  settle();
  look_rules few;
  few.rows = 1;
  auto sheet = look(few);
  ASSERT_EQ(sheet.rows.size(), 1u);
  EXPECT_EQ(sheet.rows[0].batch, "b-2");
  EXPECT_EQ(sheet.total, 3u);
  look_rules one;
  one.batch = "b-1";
  EXPECT_EQ(look(one).rows.size(), 1u);
  look_rules none;
  none.kind = "front";
  EXPECT_TRUE(look(none).rows.empty());
}

/// On a thread of its own, in a message that does not end before `go`.
TEST_F(MeterTest, WhoHangsIsShownAsSuch) {
  std::promise<void> inside, go;
  auto until = go.get_future().share();
  auto a = spawn_metered<caf::detached>(
      sys, tag("b-9"), [&inside, until](caf::event_based_actor*) {
        return caf::behavior{[&inside, until](work_atom) {
          inside.set_value();
          until.wait();
        }};
      });
  track(a);
  caf::anon_send(a, work_atom_v);
  inside.get_future().wait();
  look_rules rules;
  rules.deadline = 0ms; // real time: the meter's own clock
  auto first = look(rules), second = look(rules);
  go.set_value();
  for (auto& sheet : {first, second}) {
    ASSERT_EQ(sheet.rows.size(), 1u);
    auto& v = sheet.rows[0];
    EXPECT_TRUE(v.silent.has_value());
    EXPECT_TRUE(v.busy);
    EXPECT_EQ(v.message, "work");
    EXPECT_EQ(v.mailbox, 0u) << "one question is out, whoever looks";
  }
  caf::anon_send_exit(a, caf::exit_reason::kill);
  self->wait_for(a);
}

TEST(ActorViewTest, WhoDoesNotAnswerGoesFirstThenWhoIsLongAtWork) {
  actor_view idle, working, longer, silent;
  idle.handled = 1'000;
  working.busy = longer.busy = silent.busy = true;
  longer.since = 2s;
  silent.silent = 1s;
  std::vector<actor_view> all{idle, working, longer, silent};
  std::sort(all.begin(), all.end(), busier);
  EXPECT_TRUE(all[0].silent);
  EXPECT_EQ(all[1].since, 2s);
  EXPECT_TRUE(all[2].busy);
  EXPECT_EQ(all[3].handled, 1'000u);
}

TEST(ActorViewTest, ANodeIsBelievedWithinBounds) {
  actor_sheet of_node, sum;
  of_node.rows.resize(most_node_actors + 5);
  of_node.rows[0].kind = std::string(500, 'x');
  of_node.rows[0].node = "somebody else";
  of_node.kinds.push_back({"slot", 2, 1, 3});
  of_node.total = 2;
  sum.kinds.push_back({"slot", 1, 0, 0});
  add_node(sum, of_node, "node-b");
  EXPECT_EQ(sum.rows.size(), most_node_actors);
  EXPECT_EQ(sum.rows[0].kind.size(), 64u);
  EXPECT_EQ(sum.rows[0].node, "node-b");
  ASSERT_EQ(sum.kinds.size(), 1u);
  EXPECT_EQ(sum.kinds[0].actors, 3u);
  EXPECT_EQ(sum.total, 2u);
}

} // namespace
