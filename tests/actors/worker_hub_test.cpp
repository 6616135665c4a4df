#include "actors/worker_hub.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <limits>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct HubTest : ActorTest {
  hub_actor hub;

  void SetUp() override { hub = track(sys.spawn(worker_hub, hub_rules{})); }

  analysis_job job(std::string batch, std::string name) {
    analysis_job j;
    j.batch = {std::move(batch)};
    j.filename = std::move(name);
    return j;
  }

  auto ask(analysis_job j) {
    auto r = self->request(hub, caf::infinite, work_atom_v, std::move(j));
    settle();
    return r;
  }

  /// What the slot gets; id 0 when nothing came while 10 s passed.
  analysis_job pull(const std::string& slot) {
    analysis_job got;
    auto r = self->request(hub, caf::infinite, pull_atom_v, slot);
    settle();
    if (!self->has_next_message())
      pass(11s);
    r.receive([&](analysis_job& j) { got = j; }, [](const caf::error&) {});
    return got;
  }

  void start(const std::string& slot, const analysis_job& j) {
    self->send(hub, beat_atom_v, slot, j.token);
    settle();
  }

  void finish(const std::string& slot, const analysis_job& j,
              analysis_result r = {}) {
    self->send(hub, result_atom_v, slot, j.token, std::move(r));
    settle();
  }
};

TEST_F(HubTest, GivesTheResultToWhoAsked) {
  auto answer = ask(job("b", "n.txt"));
  auto got = pull("s1");
  EXPECT_EQ(got.filename, "n.txt");
  analysis_result r;
  r.error_code = "mark";
  finish("s1", got, r);
  answer.receive(
      [](const analysis_result& x) { EXPECT_EQ(x.error_code, "mark"); },
      [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, AnswersAnEmptyPullAfterTenSeconds) {
  auto r = self->request(hub, caf::infinite, pull_atom_v, std::string{"s1"});
  pass(9s);
  EXPECT_FALSE(self->has_next_message());
  pass(2s);
  r.receive([](const analysis_job& j) { EXPECT_EQ(j.id, 0u); },
            [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, TakesTurnsBetweenBatches) {
  ask(job("big", "1"));
  ask(job("big", "2"));
  ask(job("big", "3"));
  ask(job("small", "only"));
  EXPECT_EQ(pull("s1").filename, "1");
  EXPECT_EQ(pull("s2").filename, "only");
  EXPECT_EQ(pull("s3").filename, "2");
}

TEST_F(HubTest, RedoesTheJobOfALostSlotElsewhere) {
  ask(job("b", "n.txt"));
  auto first = pull("s1");
  self->send(hub, lost_atom_v, std::string{"s1"});
  settle();
  auto second = pull("s2");
  EXPECT_EQ(second.filename, "n.txt");
  EXPECT_GT(second.token, first.token);
}

TEST_F(HubTest, TakesBackALeaseThatIsSilentForTenSeconds) {
  ask(job("b", "n.txt"));
  auto first = pull("s1");
  start("s1", first);
  pass(10s);
  EXPECT_EQ(pull("s2").filename, "n.txt");
}

TEST_F(HubTest, KeepsALeaseThatBeats) {
  ask(job("b", "n.txt"));
  auto got = pull("s1");
  for (int i = 0; i < 20; ++i) {
    start("s1", got);
    pass(2s);
  }
  auto r = self->request(hub, caf::infinite, stats_atom_v);
  settle();
  r.receive([](const hub_stats& x) { EXPECT_EQ(x.leased, 1u); },
            [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, DropsTheAnswerOfAZombie) {
  auto answer = ask(job("b", "n.txt"));
  auto zombie = pull("s1");
  self->send(hub, lost_atom_v, std::string{"s1"});
  settle();
  auto fresh = pull("s2");
  analysis_result late;
  late.error_code = "late";
  finish("s1", zombie, late);
  EXPECT_FALSE(self->has_next_message());
  finish("s2", fresh);
  answer.receive([](const analysis_result& x) { EXPECT_EQ(x.error_code, ""); },
                 [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, GivesUpAFileThatBrokeThreeWorkers) {
  auto answer = ask(job("b", "evil.pdf"));
  for (auto slot : {"s1", "s2", "s3"}) {
    auto got = pull(slot);
    start(slot, got);
    self->send(hub, lost_atom_v, std::string{slot});
    settle();
  }
  answer.receive(
      [](const analysis_result& x) {
        EXPECT_FALSE(x.ok);
        EXPECT_EQ(x.error_code, "worker-broken");
      },
      [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(HubTest, DoesNotBlameAFileThatWasNeverBegun) {
  ask(job("b", "n.txt"));
  for (auto slot : {"s1", "s2", "s3", "s4"}) {
    EXPECT_EQ(pull(slot).filename, "n.txt");
    self->send(hub, lost_atom_v, std::string{slot});
    settle();
  }
  EXPECT_EQ(pull("s5").filename, "n.txt");
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
