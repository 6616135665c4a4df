// Who can do what: jobs find a node with the language packs and the detector.

#include "tests/actors/hub_fixture.hpp"

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct AbilitiesTest : HubFixture {
  std::vector<std::string> waits; ///< What the asker was told it waits for.
  int results = 0;
  caf::actor stage;

  void SetUp() override {
    hub_rules rules;
    rules.setup.ocr_languages = "fra+eng";
    rules.setup.vision_model = "abc";
    start_hub(rules);
    stage = track(caf::actor{sys.spawn([this](caf::event_based_actor* me) {
      return caf::behavior{
          [this, me](const analysis_job& j) { me->send(hub, work_atom_v, j); },
          [this](const analysis_result&) { ++results; },
          [this](waits_atom, const std::string& what) {
            waits.push_back(what);
          }};
    })});
  }

  analysis_job image(vigie::stage what) {
    auto j = job("b", "p.jpg");
    j.content_type = "image/jpeg";
    j.what = what;
    return j;
  }

  void ask_as_stage(const analysis_job& j) {
    caf::anon_send(stage, j);
    settle();
  }
};

TEST_F(AbilitiesTest, TextOfAnImageGoesToANodeWithTheLanguages) {
  ask(image(vigie::stage::text));
  join("deaf", {"ocr:eng"});
  EXPECT_EQ(pull("deaf").id, 0u);
  join("able", {"ocr:eng", "ocr:fra"});
  EXPECT_EQ(pull("able").filename, "p.jpg");
}

TEST_F(AbilitiesTest, VisionGoesToANodeWithTheSameDetector) {
  ask(image(vigie::stage::vision));
  join("other", {"vision:def"});
  EXPECT_EQ(pull("other").id, 0u);
  join("able", {"vision:abc"});
  EXPECT_EQ(pull("able").filename, "p.jpg");
}

TEST_F(AbilitiesTest, WhatNobodyCanDoHoldsUpNothingElse) {
  ask(image(vigie::stage::text));
  ask(job("b", "n.txt"));
  join("deaf", {});
  EXPECT_EQ(pull("deaf").filename, "n.txt");
}

TEST_F(AbilitiesTest, WaitingWithoutAnyNodeIsToldAfterFiveSecondsOnce) {
  ask_as_stage(job("b", "n.txt"));
  pass(4s);
  EXPECT_TRUE(waits.empty());
  pass(60s);
  EXPECT_EQ(waits, std::vector<std::string>{""});
}

TEST_F(AbilitiesTest, WaitingForAnAbleNodeSaysWhatItMustBeAbleTo) {
  join("deaf", {"ocr:eng"});
  ask_as_stage(image(vigie::stage::text));
  for (int s = 0; s < 7; ++s) {
    beat("deaf", {});
    pass(1s);
  }
  EXPECT_EQ(waits, std::vector<std::string>{"ocr:eng ocr:fra"});
}

TEST_F(AbilitiesTest, ABusyNodeIsNoReasonToSayThatNobodyIsThere) {
  join("able", {"ocr:eng", "ocr:fra"}, 1);
  ask_as_stage(image(vigie::stage::text));
  for (int s = 0; s < 20; ++s) {
    beat("able", {});
    pass(1s);
  }
  EXPECT_TRUE(waits.empty());
}

TEST_F(AbilitiesTest, WorkWaitsAndNeverFailsForWantOfWorkers) {
  ask_as_stage(job("b", "n.txt"));
  pass(24h);
  EXPECT_EQ(results, 0);
  finish("n1", pull("n1"));
  EXPECT_EQ(results, 1);
}

} // namespace
