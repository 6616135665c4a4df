#include "domain/stage_answer.hpp"

#include "domain/file_faults.hpp"
#include "domain/utf8.hpp"

#include <gtest/gtest.h>

#include <limits>

using namespace vigie;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
const std::string jpeg = "\xFF\xD8\xFF\xE0 and so on";

analysis_job job(stage what, const std::string& type = "image/png") {
  analysis_job j;
  j.what = what;
  j.filename = "ours.png";
  j.content_type = type;
  return j;
}

/// All that a node could think of.
analysis_result everything() {
  analysis_result r;
  r.error_code = "x";
  r.error_message = "/etc/passwd";
  r.metadata.emplace();
  r.metadata->camera = "A\tB";
  r.metadata->gps = gps_point{91, 0};
  r.metadata->extra = {{"width", "3"}, {"path", "/root"}};
  auto& o = r.observations.emplace_back();
  o.filename = "theirs.png";
  o.label = "feu\n";
  o.source = "gemini";
  o.confidence = 7;
  o.where = box{0, 0, nan, 1};
  o.created_at = utc_time{std::chrono::hours{9}};
  r.text = ocr_text{"theirs.png",
                    "plain",
                    "words",
                    nan,
                    {"pdf-pages-skipped", "<b>", "pdf-pages-skipped"},
                    "/root",
                    {}};
  r.warnings = {{"checksum-mismatch", "<b>"},
                {"detector-failed", "/root"},
                {"detector-failed", "again"},
                {"mine", "own"}};
  r.thumbnail_jpeg = jpeg;
  r.perceptual_hash = 7;
  return r;
}

analysis_result cut(stage what, const std::string& type = "image/png") {
  return cut_to(job(what, type), everything()).result;
}

TEST(StageAnswerTest, MetadataAnswersMetadataAlone) {
  auto r = cut(stage::metadata);
  ASSERT_TRUE(r.metadata);
  EXPECT_EQ(r.metadata->camera, "AB");
  EXPECT_FALSE(r.metadata->gps);
  EXPECT_EQ(r.metadata->extra,
            (std::map<std::string, std::string>{{"width", "3"}}));
  EXPECT_TRUE(r.observations.empty() && !r.text && !r.perceptual_hash);
  EXPECT_EQ(r.thumbnail_jpeg, "");
  ASSERT_EQ(r.warnings.size(), 1u);
  EXPECT_EQ(r.warnings[0].code, "checksum-mismatch");
  EXPECT_EQ(r.warnings[0].message, fault_words("checksum-mismatch"));
}

TEST(StageAnswerTest, VisionAnswersNeitherTextNorMetadata) {
  auto r = cut(stage::vision);
  EXPECT_FALSE(r.metadata || r.text);
  EXPECT_EQ(r.perceptual_hash, 7u);
  EXPECT_EQ(r.thumbnail_jpeg, jpeg);
  ASSERT_EQ(r.warnings.size(), 1u);
  EXPECT_EQ(r.warnings[0].code, "detector-failed");
  EXPECT_FALSE(cut(stage::vision, "application/pdf").perceptual_hash);
}

TEST(StageAnswerTest, AnObservationIsOfItsJobsFileAndOfHere) {
  for (auto what : {stage::vision, stage::text}) {
    auto r = cut(what);
    ASSERT_EQ(r.observations.size(), 1u);
    auto& o = r.observations[0];
    EXPECT_EQ(o.filename, "ours.png");
    EXPECT_EQ(o.source, "local");
    EXPECT_EQ(o.label, "feu");
    EXPECT_FALSE(o.confidence || o.where);
    EXPECT_EQ(o.created_at, utc_time{});
  }
}

TEST(StageAnswerTest, TextAnswersNoPictureAndWarnsByKnownCodes) {
  auto r = cut(stage::text);
  EXPECT_FALSE(r.metadata || r.perceptual_hash);
  EXPECT_EQ(r.thumbnail_jpeg, "");
  EXPECT_TRUE(r.warnings.empty());
  ASSERT_TRUE(r.text);
  EXPECT_EQ(r.text->filename, "ours.png");
  EXPECT_EQ(r.text->content, "words");
  EXPECT_EQ(r.text->warnings, std::vector<std::string>{"pdf-pages-skipped"});
  EXPECT_FALSE(r.text->confidence || r.text->error);
}

TEST(StageAnswerTest, GeminiGetsAPictureAndNothingElse) {
  auto r = cut(stage::gemini);
  EXPECT_EQ(r.thumbnail_jpeg, jpeg);
  EXPECT_FALSE(r.metadata || r.text || r.perceptual_hash);
  EXPECT_TRUE(r.observations.empty() && r.warnings.empty());
}

TEST(StageAnswerTest, SuccessHasNoError) {
  auto a = cut_to(job(stage::vision), everything());
  EXPECT_EQ(a.result.error_code + a.result.error_message + a.said, "");
}

TEST(StageAnswerTest, AThumbnailIsAJpegOfItsSize) {
  auto kept = [](stage what, std::string bytes) {
    analysis_result r;
    r.thumbnail_jpeg = std::move(bytes);
    return !cut_to(job(what), r).result.thumbnail_jpeg.empty();
  };
  EXPECT_FALSE(kept(stage::vision, "<html>"));
  EXPECT_FALSE(kept(stage::gemini, "<html>"));
  EXPECT_TRUE(kept(stage::vision, jpeg + std::string(500u << 10, 'x')));
  EXPECT_FALSE(kept(stage::vision, jpeg + std::string(512u << 10, 'x')));
  EXPECT_TRUE(kept(stage::gemini, jpeg + std::string(512u << 10, 'x')));
}

TEST(StageAnswerTest, LongNotesAreCut) {
  analysis_result r;
  auto& o = r.observations.emplace_back();
  for (int i = 0; i < 100; ++i)
    o.extra["key" + std::to_string(i)] = std::string(9'000, 'x');
  auto cut = cut_to(job(stage::vision), r).result;
  EXPECT_EQ(cut.observations[0].extra.size(), 32u);
  EXPECT_EQ(cut.observations[0].extra.begin()->second.size(), 4'096u);
}

TEST(StageAnswerTest, AFailureSpeaksInTheWordsOfTheCatalogue) {
  auto r = everything();
  r.ok = false;
  r.error_code = "pdf-damaged";
  auto a = cut_to(job(stage::text), r);
  EXPECT_EQ(a.result.error_code, "pdf-damaged");
  EXPECT_EQ(a.result.error_message, "Le PDF est endommagé.");
  ASSERT_TRUE(a.result.text);
  EXPECT_EQ(a.result.text->error, a.result.error_message);
  EXPECT_EQ(a.result.text->content, "");
  EXPECT_TRUE(a.result.observations.empty());
  EXPECT_EQ(a.said, "pdf-damaged: /etc/passwd");
}

TEST(StageAnswerTest, AFailureOfNoKnownCodeIsJustOne) {
  analysis_result r;
  r.ok = false;
  r.error_code = "worker <script>";
  r.error_message = "a\nb\x1B[31m" + std::string(900, 'x');
  auto a = cut_to(job(stage::vision), r);
  EXPECT_EQ(a.result.error_code, "analysis-failed");
  EXPECT_EQ(a.result.error_message, "L'analyse du fichier a échoué.");
  EXPECT_FALSE(a.result.text);
  EXPECT_TRUE(a.said.starts_with("worker <script>: ab[31mxxx")) << a.said;
  EXPECT_EQ(a.said.size(), 500u);
}

TEST(PlainLineTest, KeepsLettersAndDropsTheRest) {
  EXPECT_EQ(plain_line("h\xC3\xA9 \xE2\x82\xAC", 50), "h\xC3\xA9 \xE2\x82\xAC");
  EXPECT_EQ(plain_line("a\r\nb\x7F\xC2\x9B!\xFF\xC3", 50), "ab!");
  EXPECT_EQ(plain_line("h\xC3\xA9", 2), "h") << "never half a character";
}

} // namespace
