#include "tests/actors/hub_fixture.hpp"

#include <limits>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct HubTest : HubFixture {
  void SetUp() override { start_hub({}); }

  static analysis_result camera(const std::string& name) {
    analysis_result r;
    r.metadata.emplace().camera = name;
    r.token = 7'000; // is the hub's to say
    return r;
  }

  hub_stats stats() {
    hub_stats out;
    auto r = self->request(hub, caf::infinite, stats_atom_v);
    settle();
    r.receive([&](const hub_stats& x) { out = x; },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return out;
  }
};

TEST_F(HubTest, GivesTheResultToWhoAsked) {
  auto answer = ask(job("b", "n.txt"));
  auto got = pull("n1");
  EXPECT_EQ(got.filename, "n.txt");
  EXPECT_TRUE(finish("n1", got, camera("mark")));
  answer.receive(
      [&](const analysis_result& x) {
        EXPECT_EQ(x.metadata->camera, "mark");
        EXPECT_EQ(x.token, got.token) << "as it is stored";
      },
      [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, AnswersAnEmptyPullAfterTenSeconds) {
  join("n1");
  auto r = self->request(hub, caf::infinite, pull_atom_v, std::string{"n1"});
  pass(9s);
  EXPECT_FALSE(self->has_next_message());
  pass(2s);
  r.receive([](const analysis_job& j) { EXPECT_EQ(j.id, 0u); },
            [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, AStrangerGetsNoWork) {
  ask(job("b", "n.txt"));
  auto r = self->request(hub, caf::infinite, pull_atom_v, std::string{"who"});
  settle();
  r.receive([](const analysis_job&) { FAIL() << "a job for a stranger"; },
            [](const caf::error& e) {
              EXPECT_NE(to_string(e).find("join first"), std::string::npos);
            });
}

TEST_F(HubTest, ANodeMayPullForEachOfItsSlotsAndNoMore) {
  join("n1", {}, 1);
  self->request(hub, caf::infinite, pull_atom_v, std::string{"n1"});
  auto second =
      self->request(hub, caf::infinite, pull_atom_v, std::string{"n1"});
  settle();
  second.receive([](const analysis_job&) { FAIL() << "two pulls, one slot"; },
                 [](const caf::error& e) {
                   EXPECT_NE(to_string(e).find("more pulls than slots"),
                             std::string::npos);
                 });
}

TEST_F(HubTest, TakesTurnsBetweenBatches) {
  ask(job("big", "1"));
  ask(job("big", "2"));
  ask(job("big", "3"));
  ask(job("small", "only"));
  EXPECT_EQ(pull("n1").filename, "1");
  EXPECT_EQ(pull("n2").filename, "only");
  EXPECT_EQ(pull("n3").filename, "2");
}

TEST_F(HubTest, RedoesTheJobOfALostNodeElsewhere) {
  ask(job("b", "n.txt"));
  auto first = pull("n1");
  lose("n1");
  auto second = pull("n2");
  EXPECT_EQ(second.filename, "n.txt");
  EXPECT_GT(second.token, first.token);
}

TEST_F(HubTest, TakesBackALeaseThatIsSilentForTenSeconds) {
  ask(job("b", "n.txt"));
  auto first = pull("n1");
  hold("n1", first, 4s);
  pass(8s);
  EXPECT_EQ(stats().leased, 1u);
  pass(3s);
  EXPECT_EQ(stats().leased, 0u);
  EXPECT_EQ(told["n1"]->stopped, std::vector{first.token});
  EXPECT_EQ(pull("n2").filename, "n.txt");
}

TEST_F(HubTest, KeepsALeaseThatBeats) {
  ask(job("b", "n.txt"));
  auto got = pull("n1");
  hold("n1", got, 60s);
  EXPECT_EQ(stats().leased, 1u);
}

TEST_F(HubTest, GivesNothingToANodeThatFellSilent) {
  join("n1");
  self->request(hub, caf::infinite, pull_atom_v, std::string{"n1"});
  pass(6s); // it pulled, and then somebody stopped it
  ask(job("b", "n.txt"));
  EXPECT_EQ(stats().leased, 0u);
  EXPECT_EQ(pull("n2").filename, "n.txt");
}

TEST_F(HubTest, CountsTheNodesThatGetWork) {
  EXPECT_EQ(stats().able, 0u);
  join("n1");
  join("n2");
  EXPECT_EQ(stats().able, 2u);
  self->request(hub, caf::infinite, drain_atom_v, std::string{"node-n1"});
  settle();
  EXPECT_EQ(stats().able, 1u) << "one leaves";
  pass(6s);
  EXPECT_EQ(stats().able, 0u) << "the other fell silent";
  beat("n2", {});
  EXPECT_EQ(stats().able, 1u);
}

TEST_F(HubTest, DropsTheAnswerOfAZombie) {
  auto answer = ask(job("b", "n.txt"));
  auto zombie = pull("n1");
  pass(11s);
  auto fresh = pull("n2");
  EXPECT_FALSE(finish("n1", zombie, camera("late")));
  EXPECT_FALSE(self->has_next_message());
  EXPECT_TRUE(finish("n2", fresh));
  answer.receive([](const analysis_result& x) { EXPECT_FALSE(x.metadata); },
                 [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, TellsANodeWhatItNoLongerHolds) {
  ask(job("b", "n.txt"));
  auto zombie = pull("n1");
  pass(11s);
  EXPECT_EQ(beat("n1", {zombie.token}), std::vector{zombie.token});
}

TEST_F(HubTest, ANodeThatJoinsAgainHoldsNothing) {
  ask(job("b", "n.txt"));
  auto first = pull("n1");
  join("n1");
  EXPECT_FALSE(finish("n1", first));
  EXPECT_EQ(pull("n2").filename, "n.txt");
}

TEST_F(HubTest, QuarantinesAFileThatBrokeThreeSlotsWithTheReasons) {
  auto answer = ask(job("b", "evil.pdf"));
  for (auto why : {"crash", "time", "/etc/passwd"})
    broke("n1", pull("n1"), why);
  answer.receive(
      [](const analysis_result& x) {
        EXPECT_FALSE(x.ok);
        EXPECT_EQ(x.error_code, "worker-broken");
        EXPECT_NE(
            x.error_message.find("arrêt brutal, durée dépassée, interruption."),
            std::string::npos)
            << x.error_message;
      },
      [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, ANodeCannotPutAFileInQuarantineByItsOwnWords) {
  auto answer = ask(job("b", "n.txt"));
  analysis_result lie;
  lie.ok = false;
  lie.error_code = broken_code;
  lie.error_message = "/etc/passwd";
  finish("n1", pull("n1"), lie);
  finish("n1", pull("n1"));
  answer.receive([](const analysis_result& x) { EXPECT_TRUE(x.ok); },
                 [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, DoesNotBlameAFileThatWasNeverBegun) {
  ask(job("b", "n.txt"));
  for (auto id : {"n1", "n2", "n3", "n4"}) {
    EXPECT_EQ(pull(id).filename, "n.txt");
    lose(id);
  }
  EXPECT_EQ(pull("n5").filename, "n.txt");
}

TEST_F(HubTest, GivesUpAFileThatTenNodesWereLostWith) {
  auto answer = ask(job("b", "n.txt"));
  for (int i = 0; i < 10; ++i) {
    auto id = "n" + std::to_string(i);
    pull(id);
    lose(id);
  }
  answer.receive(
      [](const analysis_result& x) {
        EXPECT_EQ(x.error_code, "worker-broken");
      },
      [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, WhatADrainingNodeGivesBackCostsNoAttempt) {
  ask(job("b", "n.txt"));
  for (int i = 0; i < 20; ++i) {
    auto node = "n" + std::to_string(i);
    auto got = pull(node);
    hold(node, got, 2s);
    self->send(hub, undone_atom_v, node, got.token);
    settle();
    lose(node);
  }
  EXPECT_EQ(pull("last").filename, "n.txt");
}

TEST_F(HubTest, WhatComesBackKeepsItsPlaceInItsBatch) {
  ask(job("b", "1"));
  ask(job("b", "2"));
  pull("n1");
  lose("n1");
  EXPECT_EQ(pull("n2").filename, "1");
}

TEST_F(HubTest, AnAskerThatIsGoneHasItsRunningJobCalledOff) {
  auto asker = sys.spawn([this](caf::event_based_actor* stage) {
    stage->send(hub, work_atom_v, job("b", "n.txt"));
    return caf::behavior{[](const analysis_result&) {}};
  });
  settle();
  auto got = pull("n1");
  caf::anon_send_exit(asker, caf::exit_reason::kill);
  settle();
  EXPECT_EQ(told["n1"]->stopped, std::vector{got.token});
  EXPECT_EQ(stats().leased, 0u);
}

TEST_F(HubTest, ADrainingHubHandsOutNothing) {
  ask(job("b", "n.txt"));
  self->send(hub, drain_atom_v);
  settle();
  EXPECT_EQ(pull("n1").id, 0u);
}

TEST_F(HubTest, AResultThatIsOutOfBoundsBreaksTheLease) {
  ask(job("b", "n.txt"));
  auto got = pull("n1");
  analysis_result r;
  r.thumbnail_jpeg.resize(7u << 20);
  finish("n1", got, r);
  EXPECT_EQ(pull("n1").filename, "n.txt");
}

TEST_F(HubTest, WhatANodeSaysOfAFileIsForTheLogAlone) {
  std::vector<std::string> log;
  hub_rules rules;
  rules.log = [&](const std::string& line) { log.push_back(line); };
  start_hub(rules);
  auto answer = ask(job("b", "n.txt"));
  analysis_result bad;
  bad.ok = false;
  bad.error_code = "file-unreadable";
  bad.error_message = "/etc/passwd\n";
  bad.perceptual_hash = 7;
  EXPECT_TRUE(finish("n1", pull("n1"), bad));
  answer.receive(
      [](const analysis_result& x) {
        EXPECT_EQ(x.error_code, "file-unreadable");
        EXPECT_EQ(x.error_message, "Le fichier est illisible.");
        EXPECT_FALSE(x.perceptual_hash);
      },
      [](const caf::error& e) { FAIL() << to_string(e); });
  EXPECT_EQ(log, std::vector<std::string>{
                     "batch b, file 0: file-unreadable: /etc/passwd"});
}

TEST(WireTest, CarriesDoublesThatWouldHangTheNetwork) {
  analysis_result r;
  observation o;
  o.confidence = std::numeric_limits<double>::infinity();
  o.where = box{-0.0, 1e-310, 2.5, -1};
  r.observations.push_back(o);
  caf::actor_system_config cfg;
  cfg.add_message_types<caf::id_block::vigie>();
  caf::actor_system sys{cfg};
  caf::binary_serializer::container_type bytes;
  caf::binary_serializer out{sys, bytes};
  ASSERT_FALSE(out(r));
  analysis_result back;
  caf::binary_deserializer in{sys, bytes};
  ASSERT_FALSE(in(back));
  ASSERT_EQ(back.observations.size(), 1u);
  EXPECT_EQ(back.observations[0].confidence,
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(back.observations[0].where->y1, 1e-310);
}

} // namespace
