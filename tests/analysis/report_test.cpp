#include "analysis/report.hpp"

#include "tests/analysis/samples.hpp"

#include <gmock/gmock.h>

#include <cstdio>

using namespace vigie;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

class ReportTest : public samples::folder {
protected:
  ReportTest() {
    view.id = {"visite-1"};
    view.stored_at = *parse_time("2026-11-23T13:46:33.307169Z");
    file_record photo;
    photo.id = {1};
    photo.filename = "hall.jpg";
    photo.content_type = "image/jpeg";
    photo.sha256 = std::string(64, 'a');
    photo.status = file_status::done;
    photo.metadata_json = R"({"width": "640", "height": "480"})";
    view.files = {photo};
    observation o;
    o.filename = "hall.jpg";
    o.label = "incendie";
    o.severity = severity::high;
    o.where = box{10, 20, 300, 200};
    o.extra = {{"quote", "Extincteur absent"}};
    view.observations = {o};
    view.score = risk_score{7, 0.07, {{"incendie", severity::high, 1, 7}}, {}};
    view.summary.emplace().text = "Une observation.";
    timeline_event e;
    e.code = "ingestion:received";
    e.label = "Fichiers reçus";
    e.at = view.stored_at;
    view.timeline = {e};
  }

  std::string print(std::string thumbnail = "") {
    auto pdf =
        make_report_printer()->print(view, [&](file_id) { return thumbnail; });
    EXPECT_TRUE(pdf);
    return pdf ? std::move(pdf).value() : std::string{};
  }

  /// What poppler reads in the report.
  std::string words(const std::string& pdf) {
    auto file = put("r.pdf", pdf);
    auto* out = ::popen(("pdftotext " + file.string() + " -").c_str(), "r");
    std::string text;
    char buffer[4'096];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, out)) > 0;)
      text.append(buffer, n);
    EXPECT_EQ(::pclose(out), 0);
    return text;
  }

  batch_view view;
};

TEST_F(ReportTest, TheSameRowsGiveTheSameBytes) {
  auto jpeg = samples::encoded(samples::photo(320, 240), ".jpg");
  auto first = print(jpeg);
  EXPECT_EQ(first, print(jpeg));
  EXPECT_THAT(first,
              HasSubstr("(20261123134633Z)")); // not the hour of printing
  view.observations[0].severity = severity::low;
  EXPECT_NE(first, print(jpeg));
}

TEST_F(ReportTest, WhatWasPrintedBeforeDoesNotChangeIt) {
  auto none = [](file_id) { return std::string{}; };
  auto fresh = print();
  auto printer = make_report_printer();
  auto longer = view;
  for (int i = 0; i < 200; ++i)
    longer.timeline.push_back(view.timeline.front());
  ASSERT_NE(printer->print(longer, none).value(), fresh);
  EXPECT_EQ(printer->print(view, none).value(), fresh);
  EXPECT_EQ(printer->print(view, none).value(), fresh);
}

TEST_F(ReportTest, AHeaderOfGiantSizeIsNoPicture) {
  auto jpeg = samples::encoded(samples::photo(32, 32), ".jpg");
  auto frame = jpeg.find("\xFF\xC0");
  ASSERT_NE(frame, jpeg.npos);
  jpeg.replace(frame + 5, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_THAT(print(jpeg), Not(HasSubstr(jpeg)));
}

TEST_F(ReportTest, WhatHappenedAfterItDoesNotChangeIt) {
  auto before = print();
  timeline_event e;
  e.code = "report:generated";
  e.label = "Rapport généré";
  view.timeline.push_back(e);
  view.status = batch_status::completed;
  view.report_hash = "x";
  EXPECT_EQ(before, print());
}

TEST_F(ReportTest, SaysEverythingAReaderNeeds) {
  auto text = words(print());
  for (auto part : {"visite-1", "23/11/2026 13:46:33", "7,0", "Incendie",
                    "élevée", "Une observation.", "hall.jpg",
                    "Extincteur absent", "Fichiers reçus", "aaaaaaaa"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST_F(ReportTest, APictureStandsInItAsItIs) {
  auto jpeg = samples::encoded(samples::photo(320, 240), ".jpg");
  EXPECT_THAT(print(jpeg), HasSubstr(jpeg));
}

TEST_F(ReportTest, HostileWordsAreMadeFitToPrint) {
  ocr_text t;
  t.filename = "x";
  t.engine = "plain";
  t.content = std::string("bon\x80\xff\x01 \xE2\x80\xAEmot\0 fin", 18);
  view.texts = {t};
  view.observations[0].extra = {{"quote", std::string(100'000, 'x')}};
  view.files[0].filename = view.observations[0].filename =
      "<b>&" + std::string(300, 'n');
  view.files[0].metadata_json = R"({"width": {"a": []}})";
  auto text = words(print("no jpeg"));
  EXPECT_THAT(text, HasSubstr("bon"));
  EXPECT_THAT(text, HasSubstr("<b>&"));
  EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
}

TEST_F(ReportTest, AnEmptyBatchHasAReportToo) {
  batch_view nothing;
  nothing.id = {"vide"};
  auto pdf = make_report_printer()->print(
      nothing, [](file_id) { return std::string{}; });
  ASSERT_TRUE(pdf);
  EXPECT_THAT(words(pdf.value()), HasSubstr("Aucune observation"));
}

} // namespace
