#include "actors/gate_keeper.hpp"

#include "tests/actors/hub_fixture.hpp"

#include <gmock/gmock.h>

using namespace vigie;
using ::testing::HasSubstr;

namespace {

const std::string boot_a(32, 'a');
const std::string boot_b(32, 'b');

struct GateTest : HubFixture {
  gate_actor door;
  std::vector<std::string> log;
  uint64_t delivered = 1'000; ///< Bytes that the peer has taken.
  std::vector<caf::typed_response_promise<bool>> reports;

  void SetUp() override {
    start_hub({});
    gate_args args;
    args.hub = hub;
    args.depot = track(sys.spawn([]() -> depot_actor::behavior_type {
      return {[](fetch_atom, const std::string& path, uint64_t offset) {
        return file_chunk{path + "@" + std::to_string(offset)};
      }};
    }));
    args.admin = track(sys.spawn(
        [this](admin_actor::pointer me) -> admin_actor::behavior_type {
          return {[](admin_atom, const admin_ask& ask) {
                    admin_answer out;
                    out.told =
                        ask.command == "nodes" && ask.token.empty() ? 7 : 0;
                    return out;
                  },
                  [this, me](report_atom, const std::string&, uint64_t,
                             const actor_sheet&) {
                    reports.push_back(me->make_response_promise<bool>());
                    me->delayed_send(admin_actor{me}, std::chrono::seconds{1},
                                     expire_atom_v, uint64_t{0});
                    return reports.back();
                  },
                  [this](expire_atom, uint64_t) {
                    for (auto& p : std::exchange(reports, {}))
                      p.deliver(true);
                  }};
        }));
    args.version = "1.0";
    args.check = [](const std::string& token,
                    const std::string&) -> outcome<member> {
      if (token == "good" || token == "boss")
        return member{"node-a", token == "boss"};
      return problem{code::bad_request, "unknown join token"};
    };
    args.joins = {1, 3};
    args.delivered = [this](const std::string&) { return delivered; };
    args.refusals = {1, 2};
    args.log = [this](const std::string& line) { log.push_back(line); };
    door = sys.spawn(gate, args);
  }

  void TearDown() override {
    // It survives exit messages of peers; only its own system ends it.
    caf::anon_send(caf::actor_cast<caf::actor>(door),
                   caf::exit_msg{{}, caf::make_error(caf::exit_reason::kill)});
    ActorTest::TearDown();
  }

  caf::actor link() {
    return track(caf::actor{sys.spawn([this](caf::event_based_actor* me) {
      return caf::behavior{
          [](stop_atom, uint64_t) {}, [](drain_atom) {},
          [this, me](join_atom, const hello& who) {
            auto promise = me->make_response_promise<welcome>();
            auto deliver = [promise](auto& x) mutable {
              promise.deliver(std::move(x));
            };
            me->request(door, caf::infinite, join_atom_v, who)
                .then([deliver](welcome& w) mutable { deliver(w); },
                      [deliver](caf::error& e) mutable { deliver(e); });
            return promise;
          }};
    })});
  }

  template <class Answer, class... Ts>
  std::pair<Answer, std::string> say(Ts... what) {
    std::pair<Answer, std::string> out;
    auto r = self->request(door, caf::infinite, std::move(what)...);
    settle();
    r.receive([&](Answer& x) { out.first = std::move(x); },
              [&](const caf::error& e) { out.second = to_string(e); });
    return out;
  }

  /// Empty, or why not.
  std::string join_as(hello who, const caf::actor& via) {
    std::string why;
    auto r = self->request(via, caf::infinite, join_atom_v, std::move(who));
    settle();
    r.receive([](const welcome&) {},
              [&](const caf::error& e) { why = to_string(e); });
    return why;
  }

  std::string join_as(const std::string& boot_id, uint32_t slots = 1) {
    return join_as(hello{"1.0", boot_id, "good", slots, {}}, link());
  }

  /// How many of `n` requests at once are refused for being too many.
  template <class Answer, class... Ts>
  int refused(int n, const std::string& why, Ts... what) {
    auto out = 0;
    std::vector<decltype(self->request(door, caf::infinite, what...))> all;
    for (int i = 0; i < n; ++i)
      all.push_back(self->request(door, caf::infinite, what...));
    settle();
    pass(std::chrono::seconds{12});
    for (auto& r : all)
      r.receive([](Answer&) {},
                [&](const caf::error& e) {
                  if (to_string(e).find(why) != std::string::npos)
                    ++out;
                });
    return out;
  }

  std::string beats(const std::string& boot_id) {
    return say<lease_list>(beat_atom_v, boot_id, lease_list{}).second;
  }

  std::size_t nodes() {
    std::size_t n = 0;
    auto r = self->request(hub, caf::infinite, stats_atom_v);
    settle();
    r.receive([&](const hub_stats& s) { n = s.nodes; },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return n;
  }
};

TEST_F(GateTest, AnotherVersionIsRefusedWithBothInTheText) {
  auto why = join_as({"0.9", boot_a, "good", 1, {}}, link());
  EXPECT_NE(why.find("0.9"), std::string::npos);
  EXPECT_NE(why.find("1.0"), std::string::npos);
  EXPECT_EQ(nodes(), 0u);
}

TEST_F(GateTest, ABadTokenIsRefusedAndLogged) {
  auto why = join_as({"1.0", boot_a, "stolen", 1, {}}, link());
  EXPECT_NE(why.find("unknown join token"), std::string::npos);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].find("stolen"), std::string::npos) << "a token in the log";
}

TEST_F(GateTest, AScreenThatAsksEverySecondIsOneLineOfTheLog) {
  for (auto command : {"top", "top", "nodes", "nodes", "top"})
    say<admin_answer>(admin_atom_v, admin_ask{"1.0", "boss", command, {}});
  EXPECT_EQ(log, (std::vector<std::string>{
                     "admin node-a: top", "admin node-a: nodes",
                     "admin node-a: nodes", "admin node-a: top"}));
}

TEST_F(GateTest, OnlyAGuestReportsItsActors) {
  EXPECT_THAT(
      say<bool>(report_atom_v, boot_a, uint64_t{1}, actor_sheet{}).second,
      HasSubstr("join first"));
  EXPECT_TRUE(reports.empty());
}

TEST_F(GateTest, AnAdminDoesNotWorkAndANodeGivesNoOrders) {
  EXPECT_THAT(join_as({"1.0", boot_a, "boss", 1, {}}, link()),
              HasSubstr("a bundle of role admin does not work on files"));
  auto order =
      say<admin_answer>(admin_atom_v, admin_ask{"1.0", "good", "nodes", {}});
  EXPECT_THAT(order.second, HasSubstr("a bundle of role node gives no orders"));
}

TEST_F(GateTest, AnAdminIsRelayedWithoutItsToken) {
  auto reply =
      say<admin_answer>(admin_atom_v, admin_ask{"1.0", "boss", "nodes", {}});
  EXPECT_EQ(reply.first.told, 7u) << reply.second;
}

TEST_F(GateTest, AnAdminOfAnotherVersionIsRefusedWithBothInTheText) {
  auto why =
      say<admin_answer>(admin_atom_v, admin_ask{"0.9", "boss", "nodes", {}})
          .second;
  EXPECT_NE(why.find("0.9"), std::string::npos);
  EXPECT_NE(why.find("1.0"), std::string::npos);
}

TEST_F(GateTest, WhatAnAdminOrdersIsLoggedOnOneLineWithoutTheToken) {
  say<admin_answer>(
      admin_atom_v,
      admin_ask{"1.0", "boss", "quarantine", {"release", "b", "a\nb.txt"}});
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0], "admin node-a: quarantine release b a?b.txt");
}

TEST_F(GateTest, OnlyThoseWhoJoinedAreHeard) {
  EXPECT_THAT(beats(boot_a), HasSubstr("join first"));
  EXPECT_EQ(join_as(boot_a), "");
  EXPECT_EQ(beats(boot_a), "");
  EXPECT_THAT(beats(boot_b), HasSubstr("join first"));
  EXPECT_EQ(nodes(), 1u);
}

TEST_F(GateTest, AHelloOutOfBoundsIsRefused) {
  for (auto& who : {hello{"1.0", "short", "good", 1, {}},
                    hello{"1.0", boot_a, "good", 0, {}},
                    hello{"1.0", boot_a, "good", 1'000'000, {}},
                    hello{"1.0", boot_a, "good", 1, {std::string(200, 'x')}}})
    EXPECT_THAT(join_as(who, link()), HasSubstr("not a node's hello"));
  EXPECT_EQ(nodes(), 0u);
}

TEST_F(GateTest, ABootIdCannotBeTakenOver) {
  EXPECT_EQ(join_as(boot_a), "");
  EXPECT_THAT(join_as(boot_a), HasSubstr("another node has this boot id"));
  EXPECT_EQ(beats(boot_a), "");
}

TEST_F(GateTest, APeerThatIsGoneIsTakenOffTheHub) {
  auto via = link();
  EXPECT_EQ(join_as({"1.0", boot_a, "good", 1, {}}, via), "");
  EXPECT_EQ(nodes(), 1u);
  caf::anon_send_exit(via, caf::exit_reason::kill);
  settle();
  EXPECT_EQ(nodes(), 0u);
  EXPECT_THAT(beats(boot_a), HasSubstr("join first"));
}

TEST_F(GateTest, ANodeReadsTheFileOfItsLeaseAndNoOther) {
  EXPECT_EQ(join_as(boot_a), "");
  auto j = job("b", "n.txt");
  j.path = "b/n.txt";
  ask(j);
  auto got = say<analysis_job>(pull_atom_v, boot_a).first;
  auto chunk =
      say<file_chunk>(fetch_atom_v, boot_a, got.token, uint64_t{7}).first;
  EXPECT_EQ(chunk.bytes, "b/n.txt@7");
  auto other =
      say<file_chunk>(fetch_atom_v, boot_a, got.token + 1, uint64_t{0});
  EXPECT_THAT(other.second, HasSubstr("no such lease"));
}

TEST_F(GateTest, WhoLeavesFilesUnreadGetsNoMoreOfThem) {
  EXPECT_EQ(join_as(boot_a), "");
  auto j = job("b", "n.txt");
  j.path = std::string(1u << 20, 'x'); // the depot of this test answers it
  ask(j);
  auto token = say<analysis_job>(pull_atom_v, boot_a).first.token;
  auto fetch = [&] {
    return say<file_chunk>(fetch_atom_v, boot_a, token, uint64_t{0}).second;
  };
  for (int i = 0; i < 64; ++i)
    ASSERT_EQ(fetch(), "") << i;
  EXPECT_THAT(fetch(), HasSubstr("too many fetches"));
  delivered += 1u << 20;
  EXPECT_EQ(fetch(), "");
  EXPECT_THAT(fetch(), HasSubstr("too many fetches"));
}

TEST_F(GateTest, ANodeThatComesWithANewBootIdIsTheOldOneNoMore) {
  EXPECT_EQ(join_as(boot_a), "");
  EXPECT_EQ(join_as(boot_b), "");
  EXPECT_EQ(nodes(), 1u);
  EXPECT_THAT(beats(boot_a), HasSubstr("join first"));
  EXPECT_EQ(beats(boot_b), "");
}

TEST_F(GateTest, WhatIsUnderWayForOneNodeIsBounded) {
  EXPECT_EQ(join_as(boot_a, 2), "");
  EXPECT_EQ(refused<analysis_job>(50, "too many pulls", pull_atom_v, boot_a),
            48);
  EXPECT_EQ(refused<analysis_job>(2, "too many pulls", pull_atom_v, boot_a), 0)
      << "the places are free again";
  EXPECT_EQ(refused<lease_list>(50, "too many beats", beat_atom_v, boot_a,
                                lease_list{}),
            46);
  EXPECT_EQ(refused<bool>(50, "too many results", result_atom_v, boot_a,
                          uint64_t{1}, analysis_result{}),
            40);
  EXPECT_EQ(refused<bool>(50, "too many reports", report_atom_v, boot_a,
                          uint64_t{1}, actor_sheet{}),
            46);
  EXPECT_EQ(refused<file_chunk>(50, "too many fetches", fetch_atom_v, boot_a,
                                uint64_t{1}, uint64_t{0}),
            48);
}

TEST_F(GateTest, PullsOfANodeThatLeavesAreAnsweredAtOnce) {
  EXPECT_EQ(join_as(boot_a), "");
  auto pull = self->request(door, caf::infinite, pull_atom_v, boot_a);
  settle();
  say<bool>(lost_atom_v, boot_a);
  auto answered = false;
  pull.receive([&](analysis_job& j) { answered = j.id == 0; },
               [](const caf::error& e) { FAIL() << to_string(e); });
  EXPECT_TRUE(answered);
}

TEST_F(GateTest, WhoJoinsAgainAndAgainIsToldToWait) {
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(join_as(boot_a + std::to_string(i)), "") << i;
  EXPECT_THAT(join_as(boot_a), HasSubstr("node-a joins too often"));
  pass(std::chrono::seconds{2});
  EXPECT_EQ(join_as(boot_a), "");
}

TEST_F(GateTest, TheLogOfRefusalsIsBoundedAndCounts) {
  for (int i = 0; i < 9; ++i)
    join_as({"1.0", boot_a, "stolen", 1, {}}, link());
  EXPECT_EQ(log.size(), 2u);
  pass(std::chrono::seconds{5});
  join_as({"1.0", boot_a, "stolen", 1, {}}, link());
  ASSERT_EQ(log.size(), 3u);
  EXPECT_THAT(log[2], HasSubstr("(and 7 more)"));
}

TEST_F(GateTest, AGateThatHasEndedIsFollowedByAnother) {
  std::vector<gate_actor> shown;
  gate_keeper_args args;
  args.gate.version = "1.0";
  args.gate.log = [this](const std::string& line) { log.push_back(line); };
  args.publish = [&](const gate_actor& g) {
    shown.push_back(g);
    return std::optional<problem>{};
  };
  auto keeper = track(sys.spawn(gate_keeper, args));
  settle();
  ASSERT_EQ(shown.size(), 1u);
  auto kill = caf::exit_msg{{}, caf::make_error(caf::exit_reason::kill)};
  caf::anon_send(caf::actor_cast<caf::actor>(shown[0]), kill);
  settle();
  EXPECT_THAT(log.back(), HasSubstr("has ended"));
  pass(args.pause);
  ASSERT_EQ(shown.size(), 2u);
  door = shown[1];
  EXPECT_THAT(beats(boot_a), HasSubstr("join first")) << "it is alive";
  EXPECT_NE(shown[0], shown[1]);
}

} // namespace
