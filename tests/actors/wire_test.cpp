#include "actors/protocol.hpp"

#include <gtest/gtest.h>

using namespace vigie;

namespace {

struct WireBoundsTest : testing::Test {
  struct config : caf::actor_system_config {
    config() { add_message_types<caf::id_block::vigie>(); }
  } cfg;
  caf::actor_system sys{cfg};

  /// Whether what was written can be read again.
  template <class T>
  bool travels(T what) {
    caf::binary_serializer::container_type bytes;
    caf::binary_serializer out{sys, bytes};
    EXPECT_FALSE(out(what));
    T back;
    caf::binary_deserializer in{sys, bytes};
    return !in(back);
  }
};

TEST_F(WireBoundsTest, AMillionEmptyWordsAreNotRead) {
  analysis_result r;
  r.text.emplace();
  r.text->warnings.resize(most_warnings);
  r.warnings.resize(most_warnings);
  r.observations.resize(5'000);
  r.observations[0].extra = {{"quote", "x"}, {"line", "7"}};
  EXPECT_TRUE(travels(r));
  auto words = r;
  words.text->warnings.resize(1'000'000);
  EXPECT_FALSE(travels(words));
  auto warnings = r;
  warnings.warnings.resize(most_warnings + 1);
  EXPECT_FALSE(travels(warnings));
  auto seen = r;
  seen.observations.resize(most_seen + 1);
  EXPECT_FALSE(travels(seen));
  auto facts = r;
  for (std::size_t i = 0; i <= most_facts; ++i)
    facts.observations[0].extra[std::to_string(i)];
  EXPECT_FALSE(travels(facts));
}

TEST_F(WireBoundsTest, ListsWithinListsDoNotMultiply) {
  analysis_result r;
  r.observations.resize(5'000);
  for (auto& o : r.observations)
    for (auto key : {"quote", "line", "category"})
      o.extra[key];
  EXPECT_TRUE(travels(r)) << "more than any honest one";
  for (auto& o : r.observations)
    for (std::size_t i = 0; i < 20; ++i)
      o.extra[std::to_string(i)];
  EXPECT_FALSE(travels(r));
  EXPECT_TRUE(travels(analysis_result{})) << "the next one has its own budget";
}

TEST_F(WireBoundsTest, WhatIsReadIsWhatWasWritten) {
  analysis_result r;
  r.warnings = {{"a", "b"}, {"c", "d"}};
  r.metadata.emplace();
  r.metadata->extra = {{"width", "3"}, {"height", "4"}};
  caf::binary_serializer::container_type bytes;
  caf::binary_serializer out{sys, bytes};
  ASSERT_FALSE(out(r));
  analysis_result back;
  back.warnings.resize(9);
  caf::binary_deserializer in{sys, bytes};
  ASSERT_FALSE(in(back));
  ASSERT_EQ(back.warnings.size(), 2u);
  EXPECT_EQ(back.warnings[1].message, "d");
  EXPECT_EQ(back.metadata->extra, r.metadata->extra);
}

TEST_F(WireBoundsTest, LeasesAndAbilitiesAreBounded) {
  lease_list held;
  held.tokens.resize(most_tokens);
  EXPECT_TRUE(travels(held));
  held.tokens.resize(most_tokens + 1);
  EXPECT_FALSE(travels(held));
  hello who;
  for (std::size_t i = 0; i <= most_abilities; ++i)
    who.abilities.insert(std::to_string(i));
  EXPECT_FALSE(travels(who));
}

} // namespace
