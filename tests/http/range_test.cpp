#include "http/byte_range.hpp"
#include "http/file_answer.hpp"

#include <gtest/gtest.h>

using namespace vigie;

namespace {

using kind = byte_range::kind;

TEST(RangeTest, WhatIsNoSingleRangeIsIgnored) {
  for (auto text : {"", "bytes=0-1,3-4", "pages=1-2", "bytes=4-2",
                    "bytes=", "-", "bytes=-", "bytes=a-b", "bytes=+1-2",
                    "bytes=--1", "bytes=99999999999999999999-"}) {
    auto r = range_of(text, 10);
    EXPECT_EQ(r.what, kind::whole) << text;
    EXPECT_EQ(r.bytes, 10u) << text;
  }
}

TEST(RangeTest, NothingOfAnEmptyFileCanBeSent) {
  for (auto text : {"bytes=0-", "bytes=0-0", "bytes=-1"})
    EXPECT_EQ(range_of(text, 0).what, kind::impossible) << text;
  EXPECT_EQ(range_of("bytes=-0", 10).what, kind::impossible);
}

TEST(RangeTest, ALongTailIsTheWholeFile) {
  auto r = range_of("bytes=-99", 10);
  EXPECT_EQ(r.what, kind::part);
  EXPECT_EQ(r.from, 0u);
  EXPECT_EQ(r.bytes, 10u);
}

TEST(DispositionTest, NoNameEndsItsHeader) {
  EXPECT_EQ(disposition(true, "a\"\r\nX: y"),
            "attachment; filename=\"a___X: y\"; "
            "filename*=UTF-8''a%22%0D%0AX%3A%20y");
}

} // namespace
