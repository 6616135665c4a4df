#include "storage/reserve.hpp"

#include "tests/storage/fixture.hpp"

using namespace vigie;

namespace {

struct ReserveTest : StoreTest {
  fs::path file() const { return options.database.string() + ".reserve"; }
};

TEST_F(ReserveTest, AStoreKeepsFourMebibytesFromItsStart) {
  EXPECT_EQ(fs::file_size(file()), std::uintmax_t{4} << 20);
}

TEST_F(ReserveTest, WhatIsReleasedIsMadeAgain) {
  reserve kept{root / "kept"};
  EXPECT_TRUE(kept.release());
  EXPECT_FALSE(fs::exists(root / "kept"));
  EXPECT_FALSE(kept.release()) << "once";
  kept.make();
  EXPECT_TRUE(fs::exists(root / "kept"));
  EXPECT_TRUE(kept.release());
}

TEST_F(ReserveTest, WhereNothingCanBeMadeThereIsNone) {
  reserve kept{root / "no folder" / "kept"};
  EXPECT_FALSE(kept.release());
}

TEST_F(ReserveTest, AnotherLifeTakesItOver) {
  { reserve kept{root / "kept"}; }
  reserve again{root / "kept"};
  EXPECT_TRUE(again.release());
}

TEST_F(ReserveTest, ADeletionThatHasRoomLeavesItAlone) {
  ASSERT_TRUE(post("b"));
  ASSERT_TRUE(apply({{"b"}, status_change{batch_status::completed, {}}, {}}));
  auto before = fs::last_write_time(file());
  ASSERT_TRUE(apply({{"b"}, erasure{}, {}}));
  EXPECT_EQ(fs::last_write_time(file()), before);
}

} // namespace
