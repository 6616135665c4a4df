#include "analysis/analyzer.hpp"

#include "tests/analysis/samples.hpp"

#include <gmock/gmock.h>

#include <random>

using namespace vigie;
using ::testing::Contains;
using ::testing::HasSubstr;

namespace {

class AnalyzerTest : public samples::folder {
protected:
  static file_analyzer& analyzer() {
    static auto one = [] {
      analyzer_options o;
      o.rules_file = VIGIE_SOURCE_DIR "/config/observation_rules.json";
      o.max_text_bytes = 4'096;
      return std::move(make_analyzer(o)).value();
    }();
    return *one;
  }

  analysis_result run(stage what, const std::string& name,
                      const std::string& type, const std::string& bytes) {
    return analyzer().run(job(what, name, type, bytes));
  }

  ocr_text text_of(const std::string& name, const std::string& type,
                   const std::string& bytes) {
    auto r = run(stage::text, name, type, bytes);
    EXPECT_TRUE(r.ok) << r.error_code;
    return r.text.value_or(ocr_text{});
  }
};

TEST_F(AnalyzerTest, WordsOnAPictureAreReadWithTheirConfidence) {
  auto picture =
      samples::encoded(samples::written({"ISSUE DE SECOURS"}), ".png");
  auto text = text_of("a.png", "image/png", picture);
  EXPECT_THAT(text.content, HasSubstr("ISSUE DE SECOURS"));
  EXPECT_EQ(text.engine, "tesseract");
  EXPECT_GT(text.confidence.value_or(0), 0.6);
}

TEST_F(AnalyzerTest, APictureWithoutWordsSaysSo) {
  for (auto& image : {samples::blank(), samples::photo()}) {
    auto text = text_of("a.png", "image/png", samples::encoded(image, ".png"));
    EXPECT_EQ(text.content, "");
    EXPECT_THAT(text.warnings, Contains("ocr-no-text"));
  }
}

TEST_F(AnalyzerTest, AScannedPageIsReadAndATextLayerIsTaken) {
  auto scan = samples::pdf_of_picture(samples::written({"PORTE BLOQUEE"}));
  auto read = text_of("s.pdf", "application/pdf", scan);
  EXPECT_THAT(read.content, HasSubstr("BLOQUEE"));
  EXPECT_EQ(read.engine, "tesseract");
  auto layer =
      text_of("t.pdf", "application/pdf",
              samples::pdf({"Rapport de visite du site de Saheltech"}));
  EXPECT_THAT(layer.content, HasSubstr("Rapport de visite"));
  EXPECT_EQ(layer.engine, "pdftotext");
  EXPECT_FALSE(layer.confidence);
}

TEST_F(AnalyzerTest, ALockedOrBrokenPdfIsAnOutcomeWithACode) {
  auto locked =
      run(stage::text, "l.pdf", "application/pdf", samples::locked_pdf());
  EXPECT_FALSE(locked.ok);
  EXPECT_TRUE(locked.error_code.starts_with("pdf-")) << locked.error_code;
  ASSERT_TRUE(locked.text); // the old clients look there
  EXPECT_TRUE(locked.text->error);
  auto broken =
      run(stage::text, "b.pdf", "application/pdf", "%PDF-1.4 rubbish");
  EXPECT_FALSE(broken.ok);
  EXPECT_TRUE(broken.error_code.starts_with("pdf-")) << broken.error_code;
}

TEST_F(AnalyzerTest, AWordDocumentYieldsTextAndObservations) {
  auto bytes = samples::docx(samples::paragraph("Extincteur absent"));
  auto r = run(stage::text, "n.docx", samples::docx_type, bytes);
  ASSERT_TRUE(r.ok);
  EXPECT_THAT(r.text->content, HasSubstr("Extincteur absent"));
  ASSERT_EQ(r.observations.size(), 1u);
  EXPECT_EQ(r.observations[0].label, "incendie");
}

TEST_F(AnalyzerTest, LongTextIsCutBetweenCharactersAndSaysSo) {
  std::string bytes;
  while (bytes.size() < 5'000)
    bytes += "é";
  auto text = text_of("n.txt", "text/plain", bytes);
  EXPECT_LE(text.content.size(), 4'096u);
  EXPECT_EQ(text.content.size() % 2, 0u);
  EXPECT_THAT(text.warnings, Contains("text-truncated"));
}

TEST_F(AnalyzerTest, BytesThatChangedOnDiskAreTold) {
  auto changed = job(stage::metadata, "n.txt", "text/plain", "hello");
  changed.sha256 = std::string(64, '0');
  auto r = analyzer().run(changed);
  ASSERT_EQ(r.warnings.size(), 1u);
  EXPECT_EQ(r.warnings[0].code, "checksum-mismatch");
}

TEST_F(AnalyzerTest, APictureYieldsItsChecksHashAndThumbnail) {
  cv::Mat dark(700, 700, CV_8UC3, cv::Scalar::all(20));
  auto r =
      run(stage::vision, "a.png", "image/png", samples::encoded(dark, ".png"));
  ASSERT_TRUE(r.ok);
  std::vector<std::string> classes;
  for (auto& o : r.observations)
    classes.push_back(o.class_name.value_or(""));
  EXPECT_THAT(classes, Contains("dark"));
  EXPECT_THAT(classes, Contains("blur"));
  EXPECT_TRUE(r.thumbnail_jpeg.starts_with("\xff\xd8"));
}

/// Seeded noise, cuts and empty files of every kind through every stage: an
/// outcome each time, and a code whenever it is a bad one.
TEST_F(AnalyzerTest, NothingInAFileIsMoreThanItsOutcome) {
  auto photo = samples::photo(160, 120);
  std::pair<std::string, std::string> kinds[] = {
      {"image/png", samples::encoded(photo, ".png")},
      {"image/jpeg", samples::jpeg_with(samples::exif_block({}),
                                        samples::encoded(photo, ".jpg"))},
      {"image/gif", samples::gif(40, 30)},
      {"image/tiff", samples::encoded(photo, ".tiff")},
      {"image/webp", samples::encoded(photo, ".webp")},
      {"image/bmp", samples::encoded(photo, ".bmp")},
      {"application/pdf", samples::pdf({"un", "deux"})},
      {samples::docx_type, samples::docx(samples::paragraph("un"))},
      {"application/msword", std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")},
      {"text/csv", "a,anomalie\n1,TRUE\n"},
      {"text/plain", "Extincteur absent"}};
  std::mt19937 draw{42};
  for (auto& [type, whole] : kinds)
    for (int round = 0; round < 4; ++round) {
      auto bytes =
          whole.substr(0, round == 0 ? 0 : draw() % (whole.size() + 1));
      if (round > 1)
        for (int i = 0; i < 8 && !bytes.empty(); ++i)
          bytes[draw() % bytes.size()] = static_cast<char>(draw());
      for (auto what : {stage::metadata, stage::vision, stage::text}) {
        auto r = run(what, "f" + std::to_string(round), type, bytes);
        EXPECT_EQ(r.ok, r.error_code.empty()) << type << ' ' << round;
        EXPECT_EQ(r.error_message.find(root.string()), std::string::npos);
      }
    }
}

} // namespace
