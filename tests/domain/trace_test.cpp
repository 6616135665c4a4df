#include "domain/trace.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace vigie;

namespace {

const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string parent = "00f067aa0ba902b7";

TEST(TraceTest, AValidParentIsRead) {
  auto t = parse_traceparent("00-" + trace + '-' + parent + "-01");
  ASSERT_TRUE(t);
  EXPECT_EQ(t->trace_id, trace);
  EXPECT_EQ(t->parent_id, parent);
  EXPECT_EQ(traceparent(*t, "1111111111111111"),
            "00-" + trace + "-1111111111111111-01");
}

TEST(TraceTest, ALaterVersionIsReadAsFarAsOursGoes) {
  EXPECT_TRUE(parse_traceparent("01-" + trace + '-' + parent + "-01-more"));
  EXPECT_FALSE(parse_traceparent("01-" + trace + '-' + parent + "-01more"));
  EXPECT_FALSE(parse_traceparent("00-" + trace + '-' + parent + "-01-more"));
}

TEST(TraceTest, WhatTheSpecificationForbidsIsNoTrace) {
  std::string zeros(32, '0');
  for (auto& bad :
       {std::string{}, std::string{"00"}, "ff-" + trace + '-' + parent + "-01",
        "00-" + zeros + '-' + parent + "-01",
        "00-" + trace + '-' + zeros.substr(16) + "-01",
        "00-" + trace + '-' + parent + "-0g",
        "00_" + trace + '-' + parent + "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + parent + "-01"})
    EXPECT_FALSE(parse_traceparent(bad)) << bad;
}

TEST(TraceTest, ARequestIdIsShortAndPlain) {
  EXPECT_TRUE(sane_request_id("a.B_c-9"));
  EXPECT_TRUE(sane_request_id(std::string(128, 'a')));
  for (auto& bad : {std::string{}, std::string(129, 'a'), std::string{"a b"},
                    std::string{"a\nb"}, std::string{"é"}})
    EXPECT_FALSE(sane_request_id(bad)) << bad;
}

TEST(TraceTest, NewIdsDiffer) {
  EXPECT_EQ(random_hex(32).size(), 32u);
  EXPECT_EQ(random_hex(16).size(), 16u);
  EXPECT_NE(random_hex(32), random_hex(32));
}

} // namespace
