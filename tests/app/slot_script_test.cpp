// A slot whose program is not ours: what a hostile file might make of it.
#include "tests/app/slot_fixture.hpp"

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct ScriptedSlotTest : SlotProcessTest {};

const auto wait_for_ever = "exec sleep 1000\n";

TEST_F(ScriptedSlotTest, WhoIsNeverReadyCouldNotStart) {
  script("exit 0\n");
  EXPECT_EQ(run(), "start");
  EXPECT_EQ(log.size(), 1u);
}

TEST_F(ScriptedSlotTest, AProgramThatIsNotThereCouldNotStart) {
  args.program = root / "none";
  EXPECT_EQ(run(), "start");
}

TEST_F(ScriptedSlotTest, GarbageInsteadOfReadyCouldNotStart) {
  script("printf 'garbage, and long enough' >&4\n"
         + std::string{wait_for_ever});
  EXPECT_EQ(run(), "start");
  EXPECT_EQ(child(), 0) << "ended";
}

TEST_F(ScriptedSlotTest, AnExitInTheMidstOfAJobIsACrash) {
  for (auto code : {"0", "1", "77"}) {
    slot.reset();
    script(ready() + takes + "sleep 0.3; exit " + code + "\n");
    EXPECT_EQ(run(), "crash") << code << ": or the job comes back for ever";
  }
}

TEST_F(ScriptedSlotTest, GarbageInsteadOfAResultIsOversize) {
  script(ready() + takes
         + "printf '\\004\\000\\000\\000\\377\\377\\377\\377' >&4\n"
         + wait_for_ever);
  EXPECT_EQ(run(), "oversize");
}

TEST_F(ScriptedSlotTest, AnEmptyFrameIsNoResult) {
  script(ready() + takes + "printf '\\000\\000\\000\\000' >&4\n"
         + wait_for_ever);
  EXPECT_EQ(run(), "oversize");
}

TEST_F(ScriptedSlotTest, AFrameBeyondTheLimitIsNotReadToItsEnd) {
  script(ready() + takes + "printf '\\377\\377\\377\\377' >&4\n"
         + wait_for_ever);
  EXPECT_EQ(run(), "oversize");
}

TEST_F(ScriptedSlotTest, HalfAFrameEndsWithTheWallClock) {
  how([](auto& h) { h.job_timeout = 1s; });
  script(ready() + takes + "printf '\\377\\000\\000\\000half' >&4\n"
         + wait_for_ever);
  EXPECT_EQ(run(), "time");
}

TEST_F(ScriptedSlotTest, HalfAFrameAndAnEndIsACrash) {
  script(ready() + takes + "printf '\\377\\000\\000\\000half' >&4\n");
  EXPECT_EQ(run(), "crash");
}

TEST_F(ScriptedSlotTest, AClosedPipeEndsTheProcessThatStays) {
  script(ready() + takes + "sleep 0.5; exec 4>&- 3<&-\n" + wait_for_ever);
  EXPECT_EQ(run(), "crash");
  EXPECT_EQ(child(), 0);
}

TEST_F(ScriptedSlotTest, WhatItStartedDiesWithIt) {
  auto mark = "31" + std::to_string(::getpid());
  how([](auto& h) { h.job_timeout = 1s; });
  script("sleep " + mark + " & \n" + ready() + takes + wait_for_ever);
  EXPECT_EQ(run(), "time");
  for (int i = 0; i < 100 && !processes(mark).empty(); ++i)
    std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(processes(mark).empty());
}

TEST_F(ScriptedSlotTest, WhatAnEndedSlotLeftRunningDiesToo) {
  auto mark = "32" + std::to_string(::getpid());
  script("sleep " + mark + " & \n" + ready() + takes + "sleep 0.3; exit 0\n");
  EXPECT_EQ(run(), "crash");
  for (int i = 0; i < 100 && !processes(mark).empty(); ++i)
    std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(processes(mark).empty());
}

TEST_F(ScriptedSlotTest, AJobThatWasNeverReadCostsNoAttempt) {
  script(ready() + "sleep 0.3; exit 0\n");
  EXPECT_EQ(run(), "start");
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0], "a slot cannot work: it did not read its job");
}

TEST_F(ScriptedSlotTest, AnAnswerToAnotherJobIsNone) {
  script(ready() + takes + says({last_token + 2, {}}) + wait_for_ever);
  EXPECT_EQ(run(), "oversize");
  slot.reset();
  script(ready() + takes + says({last_token + 1, {}}) + wait_for_ever);
  EXPECT_EQ(run(), "");
}

/// The first life answers its first job, then whatever `then` says; a second
/// one answers the job that comes next.
TEST_F(ScriptedSlotTest, WhatItSaidTooMuchIsNotTheNextJobsAnswer) {
  analysis_result forged;
  forged.perceptual_hash = 666;
  auto second = [&](const std::string& then) {
    slot.reset();
    auto life = (root / "life").string();
    fs::remove(life);
    auto one = last_token + 1, two = last_token + 2;
    script("if [ -e " + life + " ]; then\n" + ready() + takes + says({two, {}})
           + wait_for_ever + "fi\n: > " + life + "\n" + ready() + takes
           + says({one, {}}) + then + wait_for_ever);
    EXPECT_EQ(run(), "");
    auto r = it().run(note());
    return r ? r.value().perceptual_hash.value_or(0) == 0 : false;
  };
  EXPECT_TRUE(second("sleep 0.2\n" + says({last_token + 1, forged})))
      << "before it took the next job";
  EXPECT_TRUE(second(takes + says({last_token + 1, forged})))
      << "after it took the next job";
  EXPECT_TRUE(second("exit 0\n")) << "it is gone, and the job is not";
  EXPECT_TRUE(second("kill -STOP $$\n")) << "it was stopped";
}

TEST_F(ScriptedSlotTest, ItsEnvironmentIsClean) {
  ::setenv("VIGIE_SECRET", "key", 1);
  auto seen = root / "seen";
  script("env > " + seen.string() + "; ls /proc/self/fd > " + seen.string()
         + ".fd\nexit 0\n");
  EXPECT_EQ(run(), "start");
  ::unsetenv("VIGIE_SECRET");
  std::ifstream in(seen);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(text.find("LC_ALL=C.UTF-8"), std::string::npos);
  EXPECT_EQ(text.find("VIGIE_SECRET"), std::string::npos);
  EXPECT_EQ(text.find("HOME="), std::string::npos);
}

TEST_F(ScriptedSlotTest, WhatItLeavesInItsFolderIsSwept) {
  script(ready() + takes + "mkdir tmp 2>/dev/null; : > "
         + (args.scratch / "tmp" / "left").string() + "\nsleep 0.3; exit 0\n");
  EXPECT_EQ(run(), "crash");
  EXPECT_FALSE(fs::exists(args.scratch));
}

} // namespace
