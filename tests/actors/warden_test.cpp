#include "actors/warden.hpp"

#include "tests/actors/actor_fixture.hpp"

using namespace vigie;

namespace {

struct WardenTest : ActorTest {
  std::vector<std::string> told;

  caf::actor idler() {
    return track(caf::actor{sys.spawn(
        [](caf::event_based_actor*) { return caf::behavior{[](int) {}}; })});
  }
};

TEST_F(WardenTest, TheFirstEndIsToldOnceByName) {
  auto a = idler(), b = idler();
  track(caf::actor{
      sys.spawn(warden, std::vector<watched_actor>{{"A", a}, {"B", b}},
                [this](const std::string& why) { told.push_back(why); })});
  settle();
  EXPECT_TRUE(told.empty());
  caf::anon_send_exit(b, caf::exit_reason::unhandled_exception);
  caf::anon_send_exit(a, caf::exit_reason::kill);
  settle();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_TRUE(told[0].starts_with("B has ended: ")) << told[0];
}

TEST_F(WardenTest, WhenItIsSentAwayFirstNothingIsTold) {
  auto a = idler();
  auto w = caf::actor{
      sys.spawn(warden, std::vector<watched_actor>{{"A", a}},
                [this](const std::string& why) { told.push_back(why); })};
  settle();
  caf::anon_send_exit(w, caf::exit_reason::kill);
  caf::anon_send_exit(a, caf::exit_reason::kill);
  settle();
  EXPECT_TRUE(told.empty());
}

} // namespace
