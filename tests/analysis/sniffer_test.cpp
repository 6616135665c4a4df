#include "analysis/sniffer.hpp"

#include "domain/names.hpp"
#include "tests/analysis/samples.hpp"

#include <atomic>
#include <thread>
#include <vector>

using namespace vigie;
using namespace std::string_literals;

namespace {

class SnifferTest : public samples::folder {
protected:
  std::string type(std::string_view bytes) {
    auto told = sniffer->detect(put("upload", bytes));
    return told ? std::move(told).value() : "";
  }

  std::unique_ptr<content_sniffer> sniffer = make_sniffer();
};

TEST_F(SnifferTest, PicturesAreToldByTheirBytes) {
  auto photo = samples::photo(64, 48);
  for (auto [ending, expected] :
       {std::pair{".jpg", "image/jpeg"}, std::pair{".png", "image/png"},
        std::pair{".webp", "image/webp"}, std::pair{".tiff", "image/tiff"},
        std::pair{".bmp", "image/bmp"}})
    EXPECT_EQ(type(samples::encoded(photo, ending)), expected);
  EXPECT_EQ(type(samples::gif(8, 8)), "image/gif");
}

TEST_F(SnifferTest, ManyAtOnceAreToldApart) {
  auto picture = put("a", samples::encoded(samples::photo(64, 48), ".png"));
  auto note = put("b", "porte ouverte au sous-sol\n");
  std::vector<std::thread> all;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 16; ++i)
    all.emplace_back([&, i] {
      for (int n = 0; n < 20; ++n)
        if (sniffer->detect(i % 2 ? picture : note).value()
            != (i % 2 ? "image/png" : "text/plain"))
          ++wrong;
    });
  for (auto& t : all)
    t.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(SnifferTest, DocumentsAreToldByTheirBytes) {
  EXPECT_EQ(type(samples::pdf({"Bonjour"})), "application/pdf");
  EXPECT_EQ(type(samples::docx(samples::paragraph("a"))), samples::docx_type);
}

TEST_F(SnifferTest, ADocxIsToldByWhatItHolds) {
  auto late = samples::zip({{"docProps/app.xml", "<a/>"},
                            {"customXml/item1.xml", "<b/>"},
                            {"word/document.xml", "<c/>"}});
  EXPECT_EQ(type(late), samples::docx_type);
}

TEST_F(SnifferTest, TextInEveryEncodingIsText) {
  const std::string note = "Extincteur du couloir : ABSENT, à remplacer\n";
  EXPECT_EQ(type(note), "text/plain");
  EXPECT_EQ(type("\xEF\xBB\xBF" + note), "text/plain");
  EXPECT_EQ(type("\xFF\xFE" + samples::utf16(note, true)), "text/plain");
  EXPECT_EQ(type("\xFE\xFF" + samples::utf16(note, false)), "text/plain");
  EXPECT_EQ(type(samples::utf16("badge absent\n", true)), "text/plain");
  EXPECT_EQ(type(samples::utf16("badge absent\n", false)), "text/plain");
  EXPECT_EQ(type("cam\xE9ra d\xE9"
                 "fectueuse \x93ici\x94 5 \x80\n"),
            "text/plain");
  EXPECT_EQ(type(""), "text/plain");
}

TEST_F(SnifferTest, ACsvIsAccepted) {
  EXPECT_TRUE(accepted_content_type(
      type("date,zone,anomalie\n2025-10-30,B,TRUE\n2025-10-31,C,FALSE\n")));
}

TEST_F(SnifferTest, ALongFileIsToldAsItsBeginning) {
  auto times = [](std::string_view line) {
    std::string out;
    while (out.size() < 40'000)
      out += line;
    return out;
  };
  EXPECT_EQ(type(times("Porte du local \xC3\xA9lectrique ouverte\n")),
            "text/plain");
  auto row = "2025-10-30,B,TRUE\n"s;
  EXPECT_EQ(type(times(row)), type(row + row + row));
  auto json = "{\"notes\": [" + times("\"porte\",\n") + "\"fin\"]}";
  EXPECT_EQ(type(json), "application/json");
  EXPECT_EQ(type("%PDF-1.7\n" + times("1 0 obj\n")), "application/pdf");
}

TEST_F(SnifferTest, ALongLineOfTextIsText) {
  std::string line;
  while (line.size() < 200'000)
    line += "été ";
  EXPECT_EQ(type(line), "text/plain");
}

TEST_F(SnifferTest, WhatIsNotAcceptedIsNotTakenForSomethingElse) {
  EXPECT_EQ(type(samples::zip({{"a.txt", "a"}})), "application/zip");
  auto elf = "\x7F"
             "ELF\x02\x01\x01"s
             + std::string(57, '\0');
  auto exe =
      "MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0"s + std::string(200, '\0');
  auto svg = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\">"
             "</svg>"s;
  for (auto& bytes : {elf, exe, svg, samples::zip({{"a.txt", "a"}}),
                      "\x1F\x8B\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0"s,
                      "\0\x01\x02\x03\xFF\xFE\xFD"s})
    EXPECT_FALSE(accepted_content_type(type(bytes))) << type(bytes);
}

TEST_F(SnifferTest, APrefaceOfTextMakesNoTextOfABinary) {
  std::string bytes, binary;
  while (bytes.size() < 2'000)
    bytes += "ligne de texte ordinaire, rien de special\n";
  for (int i = 0; i < 20'000; ++i)
    binary += static_cast<char>(i * 37 % 251);
  EXPECT_FALSE(accepted_content_type(type(bytes + binary)));
}

TEST_F(SnifferTest, AMissingFileIsAProblem) {
  EXPECT_FALSE(accepted_content_type([&] {
    auto told = sniffer->detect(root / "none");
    return told ? told.value() : std::string{};
  }()));
}

} // namespace
