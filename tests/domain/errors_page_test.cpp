// docs/errors.md is made of the problem table. After a change of the table:
//   VIGIE_WRITE=1 build/dev/domain_tests --gtest_filter='ErrorsPage.*'

#include "domain/problem.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

using namespace vigie;

namespace {

const std::string file = VIGIE_SOURCE_DIR "/docs/errors.md";

std::string page() {
  std::string out =
      "# Errors\n\nMade of `domain/problem.hpp` by "
      "`tests/domain/errors_page_test.cpp`. Every error is "
      "`application/problem+json` (RFC 9457): `type` is `/problems/NAME`, "
      "`title` the sentence, French when `Accept-Language` prefers it; "
      "`detail` "
      "names the input and the limit.\n\n"
      "| name | status | English | French |\n| --- | --- | --- | --- |\n";
  for (auto& r : problems)
    out += "| `" + std::string{r.name} + "` | " + std::to_string(r.http_status)
           + " | " + std::string{r.title_en} + " | " + std::string{r.title_fr}
           + " |\n";
  return out;
}

TEST(ErrorsPage, IsWhatTheTableSays) {
  if (std::getenv("VIGIE_WRITE"))
    std::ofstream{file} << page();
  std::ifstream in{file};
  std::string there{std::istreambuf_iterator<char>{in}, {}};
  EXPECT_EQ(there, page()) << "see the head of this test";
}

TEST(ErrorsPage, EveryProblemHasANameOfItsOwnAndBothLanguages) {
  std::set<std::string_view> names;
  for (auto& r : problems) {
    EXPECT_TRUE(names.insert(r.name).second) << r.name;
    EXPECT_FALSE(r.title_en.empty()) << r.name;
    EXPECT_FALSE(r.title_fr.empty()) << r.name;
    EXPECT_NE(r.title_en, r.title_fr) << r.name;
    EXPECT_TRUE(r.http_status >= 400 && r.http_status < 600) << r.name;
  }
}

} // namespace
