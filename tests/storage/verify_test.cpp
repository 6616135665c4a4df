// What is stored, held against its hashes.
#include "storage/verify.hpp"
#include "tests/storage/fixture.hpp"

#include <fstream>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct VerifyTest : StoreTest {

  void SetUp() override {
    StoreTest::SetUp();
    ASSERT_TRUE(post("a", "one"));
    ASSERT_TRUE(post("b", "two"));
  }

  verify_page all() {
    auto page = reading->verify("");
    EXPECT_TRUE(page) << page.why().detail;
    return page ? page.value() : verify_page{};
  }

  void write(const fs::path& to, std::string bytes) {
    std::ofstream{root / to, std::ios::binary | std::ios::trunc} << bytes;
  }

  void print(std::string batch, std::string hash) {
    ASSERT_TRUE(apply({{batch}, report_result{"%PDF", hash}, {}}));
  }
};

TEST_F(VerifyTest, WhatIsAsItWasStoredIsCounted) {
  auto page = all();
  EXPECT_EQ(page.files, 2u);
  EXPECT_EQ(page.reports, 0u);
  EXPECT_EQ(page.bytes, 6u);
  EXPECT_EQ(page.total, 2u);
  EXPECT_TRUE(page.faults.empty());
  EXPECT_EQ(page.next, "");
}

TEST_F(VerifyTest, WhatIsNotIsNamed) {
  write("a/n.txt", "oNe");
  fs::remove(root / "b" / "n.txt");
  ASSERT_TRUE(post("c", "three"));
  fs::remove(root / "c" / "n.txt");
  fs::create_symlink("/etc/hostname", root / "c" / "n.txt");
  print("b", "not its hash");
  auto page = all();
  ASSERT_EQ(page.faults.size(), 4u);
  EXPECT_EQ(page.faults[0].batch, "a");
  EXPECT_EQ(page.faults[0].what, "file");
  EXPECT_EQ(page.faults[0].name, "n.txt");
  EXPECT_EQ(page.faults[0].fault, "changed");
  EXPECT_EQ(page.faults[1].fault, "missing");
  EXPECT_EQ(page.faults[2].fault, "unreadable") << "a link leads elsewhere";
  EXPECT_EQ(page.faults[3].what, "report");
  EXPECT_EQ(page.faults[3].name, "report-b.pdf");
  EXPECT_EQ(page.reports, 1u);
}

TEST_F(VerifyTest, PagesFollowOneAnother) {
  print("a", "x");
  print("b", "x");
  pool rows{options.database.string()};
  std::vector<std::string> places;
  uint64_t seen = 0;
  std::string from;
  do {
    auto page = verify_stored(rows, root, from, 0ms);
    ASSERT_TRUE(page) << page.why().detail;
    seen += page.value().files + page.value().reports;
    from = page.value().next;
    places.push_back(from.substr(0, 1));
  } while (!from.empty());
  EXPECT_EQ(seen, 4u) << "one item a page, none twice";
  EXPECT_EQ(places, (std::vector<std::string>{"f", "f", "r", "r", ""}));
}

TEST_F(VerifyTest, NonsenseOfAPlaceIsNoCrash) {
  for (auto from : {"f", "fx", "r", "x1", "f99999999999999999999", "r'--"})
    EXPECT_TRUE(reading->verify(from)) << from;
}

} // namespace
