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
  outcome<std::vector<open_batch>> unfinished() override {
    return std::vector<open_batch>{{{"open"}}};
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
  std::vector<std::string> log;
  store_keeper_actor keeper;

  void SetUp() override {
    auto listener = sys.spawn(
        [this](broadcaster_actor::pointer) -> broadcaster_actor::behavior_type {
          return {[](adopt_atom, const socket_ptr&) {},
                  [this](announce_atom, const events_ptr& events) {
                    for (auto& e : *events)
                      announced.push_back(e.seq);
                  },
                  [](drain_atom) { return true; },
                  [](stats_atom) { return stream_stats{}; }};
        });
    keeper = track(sys.spawn(
        store_keeper, store, std::shared_ptr<batch_reader>{}, track(listener),
        [this](const std::string& line) { log.push_back(line); }));
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

struct FullDiskTest : StoreKeeperTest {
  std::vector<std::string> stored;
  caf::actor asker;

  void SetUp() override {
    StoreKeeperTest::SetUp();
    asker = another();
    store->broken = true;
  }
  caf::actor another() {
    return track(sys.spawn([this](caf::event_based_actor* me) -> caf::behavior {
      return {[this, me](const std::string& id) {
        change c;
        c.batch = {id};
        me->request(keeper, caf::infinite, persist_atom_v,
                    std::make_shared<const change>(std::move(c)))
            .then([this, id](const answer_ptr& x) {
              if (*x)
                stored.push_back(id);
            });
      }};
    }));
  }
  void persist(std::string id) {
    self->send(asker, std::move(id));
    settle();
  }
  bool ready() {
    auto out = false;
    auto r = self->request(keeper, caf::infinite, ready_atom_v);
    settle();
    r.receive([&](bool x) { out = x; },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return out;
  }
};

TEST_F(FullDiskTest, WorkAtHandWaitsUntilThereIsRoom) {
  persist("a");
  pass(std::chrono::hours{1});
  EXPECT_TRUE(stored.empty());
  EXPECT_FALSE(ready());
  store->broken = false;
  pass(std::chrono::seconds{31});
  EXPECT_EQ(stored, std::vector<std::string>{"a"});
  EXPECT_TRUE(ready());
  EXPECT_EQ(log.size(), 2u) << "said once, and that it is over";
}

TEST_F(FullDiskTest, ItIsTriedAgainAfterOneSecondThenLessAndLessOften) {
  persist("a");
  std::vector<std::size_t> tries;
  for (auto s : {1, 2, 4, 8, 16, 30, 30}) {
    pass(std::chrono::seconds{s} - std::chrono::milliseconds{1});
    auto before = store->groups.size();
    pass(std::chrono::milliseconds{1});
    EXPECT_EQ(store->groups.size(), before + 1) << s;
  }
}

TEST_F(FullDiskTest, WhatWaitsKeepsItsOrder) {
  persist("a");
  store->broken = false;
  persist("b"); // there would be room by now
  EXPECT_TRUE(stored.empty());
  pass(std::chrono::seconds{1});
  EXPECT_EQ(stored, (std::vector<std::string>{"a", "b"}));
}

TEST_F(FullDiskTest, AnAskerThatIsGoneIsForgotten) {
  persist("a");
  self->send_exit(asker, caf::exit_reason::user_shutdown);
  settle();
  EXPECT_TRUE(ready());
  store->broken = false;
  auto tries = store->groups.size();
  pass(std::chrono::seconds{60});
  EXPECT_EQ(store->groups.size(), tries);
}

TEST_F(FullDiskTest, ADeletionMakesRoomAtOnce) {
  persist("a");
  store->broken = false;
  change c;
  c.batch = {"old"};
  c.what = erasure{};
  self->send(keeper, commit_atom_v, std::make_shared<const change>(c));
  settle();
  EXPECT_EQ(stored, std::vector<std::string>{"a"});
}

} // namespace
