#include "tests/analysis/bomb_shelter.hpp"

#include <gmock/gmock.h>

#include <fstream>

using namespace vigie;

namespace {

class BombsTest : public samples::bomb_test {};

std::string repeated(const std::string& s, std::size_t times) {
  std::string out;
  out.reserve(s.size() * times);
  while (times-- > 0)
    out += s;
  return out;
}

TEST_F(BombsTest, AZipThatUnpacksWithoutEndIsCut) {
  memory = uint64_t{4} << 30; // the process of the test holds the XML, too
  EXPECT_EQ(of_docx("<w:t>" + std::string(200u << 20, ' ')), "docx-too-large");
}

TEST_F(BombsTest, AZipOfManyEntriesOrOfZipsIsADocumentAsAnyOther) {
  samples::entries many;
  for (int i = 0; i < 60'000; ++i)
    many.emplace_back("word/" + std::to_string(i), "");
  EXPECT_EQ(outcome_of(stage::text, samples::docx_type, samples::zip(many)),
            "docx-damaged");
  auto inner = samples::zip({{"word/document.xml", "<a/>"}});
  EXPECT_EQ(of_docx(inner), "docx-damaged");
}

TEST_F(BombsTest, EntitiesAreNotExpanded) {
  std::string xml = "<!DOCTYPE x [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 40; ++i) {
    auto before = "&a" + std::to_string(i - 1) + ";";
    xml +=
        "<!ENTITY a" + std::to_string(i) + " \"" + repeated(before, 10) + "\">";
  }
  EXPECT_EQ(of_docx(xml + "]><w:t>&a39;</w:t>"), "ok");
}

TEST_F(BombsTest, XmlOfAMillionLevelsIsWalked) {
  EXPECT_EQ(
      of_docx(repeated("<w:p>", 1'000'000) + repeated("</w:p>", 1'000'000)),
      "ok");
}

TEST_F(BombsTest, AHugeAttributeIsRead) {
  EXPECT_EQ(of_docx("<w:p a=\"" + std::string(50u << 20, 'x') + "\"/>"), "ok");
}

TEST_F(BombsTest, MoreNodesThanMemoryAreTold) {
  memory = 512u << 20;
  EXPECT_EQ(of_docx("<w:p>" + repeated("<a/>", 12'000'000) + "</w:p>"),
            "out-of-memory");
}

TEST_F(BombsTest, PicturesThatClaimTooMuchAreNotUnpacked) {
  auto png = samples::png_header(60'000, 60'000);
  auto bmp = samples::encoded(samples::photo(8, 8), ".bmp");
  for (std::size_t at : {20u, 24u})
    bmp[at] = 0x10; // a million pixels a side
  EXPECT_EQ(outcome_of(stage::vision, "image/png", png), "image-too-large");
  EXPECT_EQ(outcome_of(stage::vision, "image/bmp", bmp), "image-too-large");
  EXPECT_EQ(outcome_of(stage::vision, "image/gif",
                       samples::gif(8, 8).replace(6, 4, "\xFF\xFF\xFF\xFF")),
            "image-too-large");
}

TEST_F(BombsTest, RealPixelsBeyondTheMemoryAreTold) {
  memory = 700u << 20;
  cv::Mat flat(9'900, 9'900, CV_8UC3, cv::Scalar::all(90));
  for (std::string kind : {"png", "webp", "tiff"})
    EXPECT_THAT(outcome_of(stage::vision, "image/" + kind,
                           samples::encoded(flat, "." + kind)),
                ::testing::AnyOf("out-of-memory", "image-undecodable", "ok"))
        << kind;
}

TEST_F(BombsTest, AGifIsNoMoreThanItsFirstFrame) {
  auto one = samples::gif(64, 64);
  auto frame = one.substr(19, one.size() - 20);
  // Ten thousand frames that claim 4 gigapixels each.
  auto wild = frame;
  wild.replace(5, 4, "\xFF\xFF\xFF\xFF");
  auto many = one.substr(0, one.size() - 1) + repeated(wild, 10'000) + ';';
  EXPECT_EQ(outcome_of(stage::vision, "image/gif", many), "ok");
  // The screen is small, the frame is not.
  auto liar = one.substr(0, 19) + wild + ';';
  EXPECT_EQ(outcome_of(stage::vision, "image/gif", liar), "image-undecodable");
}

TEST_F(BombsTest, DirectoriesThatPointAtThemselvesEnd) {
  std::string tiff("II*\0\x08\0\0\0", 8);
  tiff += std::string("\x02\0", 2); // EXIF and GPS: this directory again
  tiff += std::string("\x69\x87\x04\0\x01\0\0\0\x08\0\0\0", 12);
  tiff += std::string("\x25\x88\x04\0\x01\0\0\0\x08\0\0\0", 12);
  tiff += std::string("\x08\0\0\0", 4);
  auto jpeg = samples::jpeg_with(std::string("Exif\0\0", 6) + tiff,
                                 samples::encoded(samples::photo(), ".jpg"));
  EXPECT_EQ(outcome_of(stage::metadata, "image/jpeg", jpeg), "ok");
  EXPECT_EQ(outcome_of(stage::vision, "image/jpeg", jpeg), "ok");
  EXPECT_EQ(outcome_of(stage::metadata, "image/tiff", tiff), "ok");
}

TEST_F(BombsTest, TextOfHalfAGigabyteInOneLineIsCut) {
  auto at = put("long", "");
  std::filesystem::resize_file(at, 0);
  std::ofstream out(at, std::ios::binary);
  for (int i = 0; i < 500; ++i)
    out << std::string(1u << 20, 'x');
  out.close();
  analysis_job j;
  j.path = at.string();
  j.filename = "long";
  for (std::string type : {"text/plain", "text/csv"}) {
    j.what = stage::text;
    j.content_type = type;
    EXPECT_EQ(outcome_of(j), "ok");
  }
}

} // namespace
