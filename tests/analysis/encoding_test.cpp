#include "analysis/encoding.hpp"

#include "tests/analysis/samples.hpp"

#include <random>

using namespace vigie;
using namespace std::string_literals;

namespace {

const std::string phrase = "Câble dénudé à l'entrée : 5 €\n";

TEST(EncodingTest, Utf8IsTakenAsItIs) {
  auto t = decode_text(phrase);
  ASSERT_TRUE(t);
  EXPECT_EQ(t->utf8, phrase);
  EXPECT_EQ(t->encoding, "UTF-8");
}

TEST(EncodingTest, AnUtf8BomIsLeftOut) {
  auto t = decode_text("\xEF\xBB\xBF" + phrase);
  ASSERT_TRUE(t);
  EXPECT_EQ(t->utf8, phrase);
  EXPECT_EQ(t->encoding, "UTF-8");
}

TEST(EncodingTest, AnEmptyFileIsAnEmptyText) {
  ASSERT_TRUE(decode_text(""));
  EXPECT_EQ(decode_text("")->utf8, "");
}

TEST(EncodingTest, Utf16IsReadByItsBomAndWithoutOne) {
  for (auto little : {true, false}) {
    auto bom = little ? "\xFF\xFE"s : "\xFE\xFF"s;
    auto named = little ? "UTF-16LE" : "UTF-16BE";
    auto with = decode_text(bom + samples::utf16(phrase, little));
    ASSERT_TRUE(with);
    EXPECT_EQ(with->utf8, phrase);
    EXPECT_EQ(with->encoding, named);
    auto without = decode_text(samples::utf16("badge absent, 5 m\n", little));
    ASSERT_TRUE(without);
    EXPECT_EQ(without->utf8, "badge absent, 5 m\n");
    EXPECT_EQ(without->encoding, named);
  }
}

TEST(EncodingTest, HalfASurrogateSpoilsOnlyItself) {
  for (auto little : {true, false}) {
    auto half = little ? "\x00\xD8"s : "\xD8\x00"s;
    auto t = decode_text((little ? "\xFF\xFE"s : "\xFE\xFF"s) + half
                         + samples::utf16("porte", little));
    ASSERT_TRUE(t);
    EXPECT_EQ(t->utf8, "\xEF\xBF\xBDporte");
  }
}

TEST(EncodingTest, BytesThatAreNoUtf8AreWindows1252) {
  auto t = decode_text("D\xE9"
                       "fectueux : 5 \x80 \x93"
                       "cass\xE9\x94");
  ASSERT_TRUE(t);
  EXPECT_EQ(t->utf8, "Défectueux : 5 € “cassé”");
  EXPECT_EQ(t->encoding, "windows-1252");
}

TEST(EncodingTest, AByteWithoutMeaningInWindows1252IsReplaced) {
  auto t = decode_text("\xE9\x81z");
  ASSERT_TRUE(t);
  EXPECT_EQ(t->utf8, "é\xEF\xBF\xBDz");
}

TEST(EncodingTest, ControlCharactersAreNoText) {
  EXPECT_FALSE(decode_text("abc\x01\x02"));
  EXPECT_FALSE(decode_text("MZ\x90\0\x03\0\0\0\x04"s));
}

TEST(EncodingTest, OnlyStrictUtf8IsValid) {
  for (auto good : {"", "a", "é", "€", "\xF0\x9F\x94\xA5", "\xED\x9F\xBF"})
    EXPECT_TRUE(valid_utf8(good)) << good;
  for (auto bad : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                   "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"})
    EXPECT_FALSE(valid_utf8(bad));
}

TEST(EncodingTest, ACutCharacterIsDroppedAtTheEndOnly) {
  EXPECT_EQ(whole_characters("aé"), "aé");
  EXPECT_EQ(whole_characters("a\xC3"), "a");
  EXPECT_EQ(whole_characters("a\xE2\x82"), "a");
  EXPECT_EQ(whole_characters("a\xF0\x9F\x94"), "a");
  EXPECT_EQ(whole_characters(""), "");
}

TEST(EncodingTest, WhatAToolPrintsLosesItsControlCharactersOnly) {
  EXPECT_EQ(clean_utf8("\x01 \xC3\xA9t\xC3\xA9\f\n\xC3"), "  été\f\n");
}

TEST(EncodingTest, AnyBytesGiveValidUtf8OrNothing) {
  std::mt19937 draw{7};
  for (int round = 0; round < 2'000; ++round) {
    std::string bytes(draw() % 40, '\0');
    for (auto& c : bytes)
      c = static_cast<char>(round % 2 ? draw() : 0x20 + draw() % 0xE0);
    if (round % 5 == 0)
      bytes.insert(0, round % 10 ? "\xFF\xFE" : "\xFE\xFF");
    if (auto t = decode_text(bytes)) {
      EXPECT_TRUE(valid_utf8(t->utf8));
    }
    EXPECT_TRUE(valid_utf8(clean_utf8(bytes)));
  }
}

} // namespace
