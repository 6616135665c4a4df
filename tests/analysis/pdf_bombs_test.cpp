#include "tests/analysis/bomb_shelter.hpp"

#include <gmock/gmock.h>

using namespace vigie;
using namespace std::chrono_literals;
using ::testing::AnyOf;

namespace {

const std::string catalog = "<</Type/Catalog/Pages 2 0 R>>";

class PdfBombsTest : public samples::bomb_test {
protected:
  std::string of_pdf(const std::vector<std::string>& objects) {
    return outcome_of(stage::text, "application/pdf", samples::pdf_of(objects));
  }

  std::string of_page(const std::string& page, const std::string& stream) {
    return of_pdf({catalog, "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                   "<</Type/Page/Parent 2 0 R/Contents 4 0 R" + page + ">>",
                   "<</Length " + std::to_string(stream.size()) + ">>\nstream\n"
                       + stream + "\nendstream"});
  }
};

TEST_F(PdfBombsTest, PagesThatHoldThemselvesEnd) {
  EXPECT_EQ(of_pdf({catalog, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"}),
            "pdf-damaged");
}

TEST_F(PdfBombsTest, APageOfAThousandMilesIsDrawnSmall) {
  EXPECT_EQ(of_page("/MediaBox[0 0 999999999 999999999]", "0 0 9 9 re f"),
            "ok");
}

TEST_F(PdfBombsTest, ObjectsInObjectsEnd) {
  EXPECT_THAT(
      of_page("/MediaBox[0 0 99 99]/X " + std::string(1'000'000, '['), ""),
      AnyOf("ok", "pdf-damaged"));
  EXPECT_EQ(of_page("/MediaBox[0 0 99 99]", std::string(1'000'000, '[')), "ok");
}

TEST_F(PdfBombsTest, TenThousandPagesAreReadForAsLongAsADocumentMay) {
  options.document_timeout = 2s;
  std::string kids;
  std::vector<std::string> objects{catalog, ""};
  for (int i = 0; i < 10'000; ++i) {
    kids += std::to_string(i + 3) + " 0 R ";
    objects.push_back("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>");
  }
  objects[1] = "<</Type/Pages/Kids[" + kids + "]/Count 10000>>";
  EXPECT_EQ(of_pdf(objects), "ok");
}

/// Each of 60 forms draws the one below it ten times.
TEST_F(PdfBombsTest, DrawingWithoutEndIsEndedByTheClockOfTheTool) {
  options.tool_timeout = 2s;
  std::vector<std::string> objects{
      catalog, "<</Type/Pages/Kids[3 0 R]/Count 1>>",
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources"
      "<</XObject<</A 5 0 R>>>>>>",
      "<</Length 4>>\nstream\n/A Do\nendstream"};
  std::string draw;
  for (int i = 0; i < 10; ++i)
    draw += "/A Do ";
  for (int i = 6; i < 66; ++i)
    objects.push_back("<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources"
                      "<</XObject<</A "
                      + std::to_string(i) + " 0 R>>>>/Length "
                      + std::to_string(draw.size()) + ">>\nstream\n" + draw
                      + "\nendstream");
  objects.push_back("<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Length 12>>\n"
                    "stream\n0 0 9 9 re f\nendstream");
  EXPECT_EQ(of_pdf(objects), "pdf-too-slow");
}

} // namespace
