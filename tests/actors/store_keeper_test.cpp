#include "actors/store_keeper.hpp"

#include "tests/actors/actor_fixture.hpp"

using namespace vigie;

namespace {

/// Says how it was called; every change becomes one event.
struct fake_store : batch_store {
  std::vector<std::size_t> groups;
  int64_t seq = 0;
  bool broken = false;

  std::vector<outcome<change_answer>>
  apply(const std::vector<change>& group) override {
    groups.push_back(group.size());
    std::vector<outcome<change_answer>> out;
    for (auto& c : group)
      if (broken)
        out.push_back(problem{code::disk_full, "The disk is full"});
      else
        out.push_back(
            change_answer{applied::yes, {{++seq, c.batch, "{}"}}, {}});
    return out;
  }
  outcome<batch_state> load(const batch_id&) override { return batch_state{}; }
  outcome<std::vector<batch_id>> unfinished() override {
    return std::vector<batch_id>{{"open"}};
  }
  outcome<std::vector<model_answer>>
  answers(const std::string&, const std::vector<std::string>&) override {
    return std::vector<model_answer>{};
  }
  outcome<std::vector<gate_memory>> gates() override {
    return std::vector<gate_memory>{};
  }
};

struct StoreKeeperTest : ActorTest {
  std::shared_ptr<fake_store> store = std::make_shared<fake_store>();
  std::vector<int64_t> announced;
  store_keeper_actor keeper;

  void SetUp() override {
    auto listener = sys.spawn(
        [this](broadcaster_actor::pointer) -> broadcaster_actor::behavior_type {
          return {[](adopt_atom, const socket_ptr&) {},
                  [this](announce_atom, const events_ptr& events) {
                    for (auto& e : *events)
                      announced.push_back(e.seq);
                  },
                  [](stats_atom) { return stream_stats{}; }};
        });
    keeper = track(sys.spawn(store_keeper, store,
                             std::shared_ptr<batch_reader>{}, track(listener)));
  }

  auto commit(std::string id) {
    change c;
    c.batch = {std::move(id)};
    return self->request(keeper, caf::infinite, commit_atom_v,
                         std::make_shared<const change>(std::move(c)));
  }
};

TEST_F(StoreKeeperTest, WhatTheMailboxHoldsIsOneCommit) {
  auto a = commit("a"), b = commit("b"), c = commit("c");
  settle();
  EXPECT_EQ(store->groups, std::vector<std::size_t>{3});
  for (auto* r : {&a, &b, &c})
    r->receive([](const answer_ptr& x) { EXPECT_TRUE(*x); },
               [](const caf::error& e) { FAIL() << to_string(e); });
  EXPECT_EQ(announced, (std::vector<int64_t>{1, 2, 3}));
}

TEST_F(StoreKeeperTest, NothingIsAnnouncedThatIsNotCommitted) {
  store->broken = true;
  auto a = commit("a"), b = commit("b");
  settle();
  EXPECT_TRUE(announced.empty());
  for (auto* r : {&a, &b})
    r->receive(
        [](const answer_ptr& x) {
          ASSERT_FALSE(*x);
          EXPECT_EQ(x->why().id, code::disk_full);
        },
        [](const caf::error& e) { FAIL() << to_string(e); });
  store->broken = false;
  commit("c");
  settle();
  EXPECT_EQ(announced, std::vector<int64_t>{1});
}

} // namespace
