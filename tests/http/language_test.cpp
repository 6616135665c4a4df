#include "http/answers.hpp"

#include <gtest/gtest.h>

using namespace vigie;

namespace {

TEST(Language, IsFrenchWhenThatIsPreferred) {
  for (auto* french : {"fr", "FR-ca", "fr, en;q=0.9", "de, fr;q=0.8, en;q=0.7",
                       "en;q=0.5,fr;q=0.51", "fr;q=0.001", "it,fr ; q=1.0",
                       "en;q=0, fr;q=0.1"})
    EXPECT_TRUE(prefers_french(french)) << french;
}

TEST(Language, IsEnglishOtherwise) {
  for (auto* other : {"", "en", "en, fr", "*", "fr;q=0", "fr;q=0.000", "fy",
                      "fra", "fr;q=0.5, *", "en;q=0.9, fr;q=0.8", "de",
                      ",;q=", "fr;q=0.5, en-GB;q=0.50"})
    EXPECT_FALSE(prefers_french(other)) << other;
}

} // namespace
