#include "analysis/tool.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

TEST(ToolTest, GivesTheOutputAndTheStatus) {
  auto r = run_tool({"sh", "-c", "echo out; echo err >&2; exit 3"}, 10s, 100);
  EXPECT_EQ(r.out, "out\n");
  EXPECT_EQ(r.status, 3);
  EXPECT_FALSE(r.late);
}

TEST(ToolTest, ALateOneIsEnded) {
  auto r = run_tool({"sleep", "600"}, 1s, 100);
  EXPECT_TRUE(r.late);
}

TEST(ToolTest, ATalkativeOneIsCut) {
  auto r = run_tool({"yes"}, 60s, 100);
  EXPECT_EQ(r.out.size(), 100u);
  EXPECT_FALSE(r.late);
}

TEST(ToolTest, OneThatIsNotThereFails) {
  EXPECT_NE(run_tool({"no-such-program"}, 10s, 100).status, 0);
}

/// Slot and tool hold the pipe: its end tells that both are gone.
TEST(ToolTest, DiesWithItsSlot) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  auto slot = ::fork();
  if (slot == 0) {
    auto say = "printf y >&" + std::to_string(ends[1]) + "; exec sleep 600";
    run_tool({"sh", "-c", say}, 600s, 100);
    ::_exit(0);
  }
  ::close(ends[1]);
  char begun = 0;
  ASSERT_EQ(::read(ends[0], &begun, 1), 1);
  ::kill(slot, SIGKILL);
  ::waitpid(slot, nullptr, 0);
  pollfd p{ends[0], POLLIN, 0};
  ASSERT_EQ(::poll(&p, 1, 10'000), 1);
  EXPECT_EQ(::read(ends[0], &begun, 1), 0);
  ::close(ends[0]);
}

} // namespace
