#include "actors/gate.hpp"

#include "actors/worker_hub.hpp"

#include "tests/actors/actor_fixture.hpp"

using namespace vigie;

namespace {

struct GateTest : ActorTest {
  hub_actor hub;
  gate_actor door;

  void SetUp() override {
    hub = track(sys.spawn(worker_hub, hub_rules{}));
    door = sys.spawn(gate, hub, std::string{"1.0"});
  }

  void TearDown() override {
    // It survives exit messages of peers; only its own system ends it.
    caf::anon_send(caf::actor_cast<caf::actor>(door),
                   caf::exit_msg{{}, caf::make_error(caf::exit_reason::kill)});
    ActorTest::TearDown();
  }

  /// Empty, or why not.
  std::string join(const std::string& version, const std::string& id) {
    std::string why;
    auto r = self->request(door, caf::infinite, join_atom_v,
                           hello{version, id, "slot"});
    settle();
    r.receive([](bool yes) { EXPECT_TRUE(yes); },
              [&](const caf::error& e) { why = to_string(e); });
    return why;
  }

  bool may_beat(const std::string& id) {
    auto good = false;
    auto r = self->request(door, caf::infinite, beat_atom_v, id, uint64_t{0});
    settle();
    r.receive([&](bool yes) { good = yes; }, [](const caf::error&) {});
    return good;
  }

  uint64_t slots() {
    uint64_t n = 0;
    auto r = self->request(hub, caf::infinite, stats_atom_v);
    settle();
    r.receive([&](const hub_stats& s) { n = s.slots; },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return n;
  }
};

TEST_F(GateTest, AnotherVersionIsRefusedWithBothInTheText) {
  auto why = join("0.9", "s1");
  EXPECT_NE(why.find("0.9"), std::string::npos);
  EXPECT_NE(why.find("1.0"), std::string::npos);
  EXPECT_EQ(slots(), 0u);
}

TEST_F(GateTest, OnlyThoseWhoJoinedAreHeard) {
  EXPECT_FALSE(may_beat("s1"));
  EXPECT_EQ(join("1.0", "s1"), "");
  EXPECT_TRUE(may_beat("s1"));
  EXPECT_FALSE(may_beat("s2"));
  EXPECT_EQ(slots(), 1u);
}

TEST_F(GateTest, APeerThatIsGoneIsTakenOffTheHub) {
  auto peer = sys.spawn([this](caf::event_based_actor* slot) {
    slot->send(door, join_atom_v, hello{"1.0", "s1", "slot"});
    return caf::behavior{[](bool) {}};
  });
  settle();
  EXPECT_EQ(slots(), 1u);
  caf::anon_send_exit(peer, caf::exit_reason::kill);
  settle();
  EXPECT_EQ(slots(), 0u);
  EXPECT_FALSE(may_beat("s1"));
}

} // namespace
