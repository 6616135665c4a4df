#include "domain/worker.hpp"

#include <gtest/gtest.h>

using namespace vigie;

namespace {

using set = std::set<std::string>;

TEST(WorkerTest, OnlyPicturesAndPdfsNeedLanguages) {
  analysis_setup how;
  how.ocr_languages = "fra+eng";
  set ocr{"ocr:eng", "ocr:fra"};
  EXPECT_EQ(needs_of(how, stage::text, "image/png"), ocr);
  EXPECT_EQ(needs_of(how, stage::text, "application/pdf"), ocr);
  EXPECT_EQ(needs_of(how, stage::text, "text/plain"), set{});
  EXPECT_EQ(needs_of(how, stage::metadata, "image/png"), set{});
  EXPECT_EQ(needs_of(how, stage::gemini, "image/png"), set{});
}

TEST(WorkerTest, OnlyPicturesNeedTheDetectorIfThereIsOne) {
  analysis_setup how;
  EXPECT_EQ(needs_of(how, stage::vision, "image/png"), set{});
  how.vision_model = "abc";
  EXPECT_EQ(needs_of(how, stage::vision, "image/png"), set{"vision:abc"});
  EXPECT_EQ(needs_of(how, stage::vision, "application/pdf"), set{});
}

TEST(WorkerTest, WhatIsNeededIsWhatIsAble) {
  analysis_setup how;
  how.vision_model = "abc";
  auto able = abilities_of({"fra", "eng", "deu"}, "abc");
  EXPECT_EQ(able, (set{"ocr:deu", "ocr:eng", "ocr:fra", "vision:abc"}));
  for (auto what : {stage::text, stage::vision})
    for (auto& need : needs_of(how, what, "image/png"))
      EXPECT_TRUE(able.count(need)) << need;
  EXPECT_EQ(abilities_of({}, ""), set{});
}

TEST(WorkerTest, SplitsLanguages) {
  EXPECT_EQ(split_languages("fra+eng"), (set{"eng", "fra"}));
  EXPECT_EQ(split_languages("fra"), set{"fra"});
  EXPECT_EQ(split_languages("+fra++eng+"), (set{"eng", "fra"}));
  EXPECT_EQ(split_languages(""), set{});
}

TEST(WorkerTest, BreakagesAreOfAClosedList) {
  set words;
  for (auto code : {"crash", "time", "cpu", "memory", "stopped", "oversize",
                    "silent", "lost"}) {
    EXPECT_NE(breakage_words(code), "interruption") << code;
    words.insert(breakage_words(code));
  }
  EXPECT_EQ(words.size(), 8u);
  for (auto other : {"", "aborted", "start", "<script>", "crash "})
    EXPECT_EQ(breakage_words(other), "interruption") << other;
}

TEST(WorkerTest, AReasonIsReadInEnglish) {
  EXPECT_EQ(breakage_in_english(
                "L'analyse de ce fichier s'est interrompue trop souvent : "
                "arrêt brutal, poste muet, arrêt brutal, interruption."),
            "crash, silent node, crash, interruption.");
  EXPECT_EQ(breakage_in_english("anything"), "anything");
}

TEST(AcceptableTest, AnEmptyAndAFullResultAre) {
  analysis_result r;
  EXPECT_TRUE(acceptable(r));
  r.thumbnail_jpeg.assign(6u << 20, 'x');
  r.text.emplace();
  r.text->content.assign(4u << 20, 'x');
  r.observations.resize(5'000);
  EXPECT_TRUE(acceptable(r));
}

TEST(AcceptableTest, EachBoundHolds) {
  analysis_result r;
  r.thumbnail_jpeg.assign((6u << 20) + 1, 'x');
  EXPECT_FALSE(acceptable(r));
  r = {};
  r.text.emplace();
  r.text->content.assign((4u << 20) + 1, 'x');
  EXPECT_FALSE(acceptable(r));
  r = {};
  r.observations.resize(5'001);
  EXPECT_FALSE(acceptable(r));
  r = {};
  r.observations.emplace_back().label.assign(256, 'x');
  EXPECT_FALSE(acceptable(r));
}

TEST(AcceptableTest, EveryTextCounts) {
  const std::string big(15u << 20, 'x');
  auto refused = [](auto fill) {
    analysis_result r;
    r.metadata.emplace();
    r.text.emplace();
    r.observations.emplace_back();
    fill(r);
    return !acceptable(r);
  };
  EXPECT_TRUE(refused([&](auto& r) { r.error_code = big; }));
  EXPECT_TRUE(refused([&](auto& r) { r.error_message = big; }));
  EXPECT_TRUE(refused([&](auto& r) { r.metadata->camera = big; }));
  EXPECT_TRUE(refused([&](auto& r) { r.metadata->captured_at = big; }));
  EXPECT_TRUE(refused([&](auto& r) { r.metadata->extra["x"] = big; }));
  EXPECT_TRUE(refused([&](auto& r) { r.text->engine = big; }));
  EXPECT_TRUE(refused([&](auto& r) { r.text->filename = big; }));
  EXPECT_TRUE(refused([&](auto& r) { r.text->error = big; }));
  EXPECT_TRUE(refused([&](auto& r) { r.text->warnings = {big}; }));
  EXPECT_TRUE(refused([&](auto& r) { r.observations[0].class_name = big; }));
  EXPECT_TRUE(refused([&](auto& r) { r.observations[0].extra[big]; }));
  EXPECT_TRUE(refused([&](auto& r) { r.warnings = {{"x", big}}; }));
}

TEST(AcceptableTest, ManyEmptyTextsAreNoTrifle) {
  analysis_result r;
  r.warnings.resize(1'000'000);
  EXPECT_FALSE(acceptable(r));
  r = {};
  r.text.emplace().warnings.resize(1'000'000);
  EXPECT_FALSE(acceptable(r));
}

TEST(AcceptableTest, ASeverityMustBeOne) {
  analysis_result r;
  r.observations.emplace_back().severity = severity::critical;
  EXPECT_TRUE(acceptable(r));
  r.observations[0].severity = static_cast<severity>(5);
  EXPECT_FALSE(acceptable(r));
}

} // namespace
