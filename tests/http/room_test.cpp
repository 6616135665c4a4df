// Room for an upload: asked for before its files are read.
#include "tests/http/fixture.hpp"

using namespace vigie;

namespace {

struct RoomTest : HttpTest {};

TEST_F(RoomTest, IsAskedForWithTheAnnouncedLengthAndGivenBack) {
  auto r = post({file("a.txt", std::string(700, 'x'))});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 202);
  EXPECT_GT(f.announced, 700u);
  EXPECT_EQ(f.grown, 700u);
  EXPECT_FALSE(f.known);
  EXPECT_EQ(f.seats, 0);
}

TEST_F(RoomTest, NoneIsARefusalThatSaysWhenToComeAgain) {
  f.room_refusal =
      problem{code::busy, "the limit is 7", std::chrono::seconds{42}};
  auto r = post({file("a.txt")});
  expect_problem(r, 429, "the limit is 7");
  EXPECT_EQ(r->get_header_value("Retry-After"), "42");
  EXPECT_EQ(f.grown, 0u) << "not a byte of a file was taken";
}

TEST_F(RoomTest, ThatRunsOutEndsTheUpload) {
  f.growth_refusal = problem{code::draining, "stopping"};
  auto r = post({file("a.txt")});
  expect_problem(r, 503, "stopping");
  EXPECT_EQ(r->get_header_value("Retry-After"), "5");
  EXPECT_EQ(f.seats, 0);
}

TEST_F(RoomTest, ABatchThatIsThereNeedsNone) {
  ASSERT_EQ(post({file("a.txt")})->status, 202);
  auto r = post({{"client_batch_id", "b1", "", ""}, file("a.txt")});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 202);
  EXPECT_TRUE(f.known);
}

} // namespace
