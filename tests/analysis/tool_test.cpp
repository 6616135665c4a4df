#include "analysis/tool.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
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

TEST(ToolTest, ALateOneEndsByItsOwnAlarmWhateverTheSlotBlocks) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, &before);
  auto* handler = ::signal(SIGALRM, SIG_IGN);
  auto r = run_tool({"sleep", "600"}, 1s, 100);
  ::signal(SIGALRM, handler);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  EXPECT_TRUE(r.late);
}

TEST(ToolTest, SeesNothingOfOurEnvironment) {
  ::setenv("GEMINI_API_KEY", "secret", 1);
  auto r = run_tool({"env"}, 10s, 1'000);
  ::unsetenv("GEMINI_API_KEY");
  EXPECT_NE(r.out.find("LC_ALL=C.UTF-8"), r.out.npos);
  EXPECT_EQ(r.out.find("secret"), r.out.npos);
}

TEST(ToolTest, OnlyNamesInFixedDirectoriesAreFound) {
  std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  EXPECT_EQ(run_tool({"true"}, 10s, 1).status, 0);
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(run_tool({"/usr/bin/true"}, 10s, 1).status, -1);
  EXPECT_EQ(run_tool({"../bin/true"}, 10s, 1).status, -1);
}

TEST(ToolTest, ATalkativeOneIsCut) {
  auto begun = std::chrono::steady_clock::now();
  auto r = run_tool({"yes"}, 60s, 100);
  EXPECT_EQ(r.out.size(), 100u);
  EXPECT_FALSE(r.late);
  // Nobody kills it: the closed pipe must do, long before its alarm.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
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
