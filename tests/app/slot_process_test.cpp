#include "tests/app/slot_fixture.hpp"

#include <sys/resource.h>

using namespace vigie;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

struct RealSlotTest : SlotProcessTest {
  /// From another thread, once the slot is at work.
  template <class F>
  std::string run_while(const std::string& name, F meanwhile) {
    std::thread other{[&] {
      for (int i = 0; i < 600; ++i) { // until the job's file is laid out
        if (fs::exists(args.scratch / "in" / "evidence"))
          break;
        std::this_thread::sleep_for(10ms);
      }
      std::this_thread::sleep_for(100ms);
      meanwhile();
    }};
    auto why = run(name);
    other.join();
    return why;
  }
};

TEST_F(RealSlotTest, ANoteIsAnalysed) {
  auto r = it().run(note());
  ASSERT_TRUE(r) << r.why().detail;
  EXPECT_TRUE(r.value().ok);
  ASSERT_TRUE(r.value().text);
  EXPECT_NE(r.value().text->content.find("extinguisher"), std::string::npos);
  EXPECT_TRUE(log.empty());
}

TEST_F(RealSlotTest, OneProcessDoesManyJobs) {
  it().warm_up();
  auto first = child();
  EXPECT_GT(first, 0);
  EXPECT_EQ(run(), "");
  EXPECT_EQ(run(), "");
  EXPECT_EQ(child(), first);
}

TEST_F(RealSlotTest, NothingOfAJobIsLeftForTheNext) {
  EXPECT_EQ(run(), "");
  EXPECT_TRUE(fs::is_empty(args.scratch / "in"));
  EXPECT_TRUE(fs::is_empty(args.scratch / "tmp"));
  EXPECT_TRUE(fs::exists(root / "n.txt")) << "the evidence itself stays";
  slot.reset();
  EXPECT_FALSE(fs::exists(args.scratch));
}

TEST_F(RealSlotTest, ACrashIsACrash) {
  fault("crash:bad");
  EXPECT_EQ(run("bad.txt"), "crash");
  EXPECT_EQ(run("good.txt"), "") << "a new process";
}

TEST_F(RealSlotTest, TheWallClockEndsIt) {
  fault("sleep:60000:slow");
  how([](auto& h) { h.job_timeout = 1s; });
  auto begun = steady_clock::now();
  EXPECT_EQ(run("slow.txt"), "time");
  EXPECT_LT(steady_clock::now() - begun, 30s);
}

TEST_F(RealSlotTest, TheCpuClockEndsIt) {
  fault("spin:busy");
  how([](auto& h) { h.job_cpu = 1s; });
  EXPECT_EQ(run("busy.txt"), "cpu");
}

TEST_F(RealSlotTest, TheCpuClockIsOfOneJob) {
  fault("spin:busy");
  how([](auto& h) { h.job_cpu = 1s; });
  EXPECT_EQ(run("a.txt"), "");
  EXPECT_EQ(run("b.txt"), "");
  EXPECT_EQ(run("busy.txt"), "cpu");
}

TEST_F(RealSlotTest, AFloodIsCutAndCostsNothing) {
  fault("flood:big");
  rusage before{}, after{};
  it().warm_up();
  ::getrusage(RUSAGE_SELF, &before);
  EXPECT_EQ(run("big.txt"), "oversize");
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 20 * 1024) << "KiB";
}

TEST_F(RealSlotTest, WhoAnswersTwiceDoesNotAnswerTheNextJob) {
  fault("twice:two");
  auto first = it().run(note("two.txt"));
  ASSERT_TRUE(first);
  EXPECT_FALSE(first.value().text) << "the answer before the work";
  auto pid = child();
  auto job = note("n.txt");
  std::ofstream(job.path) << "another text";
  auto next = it().run(job);
  ASSERT_TRUE(next) << next.why().detail;
  ASSERT_TRUE(next.value().text);
  EXPECT_EQ(next.value().text->content.find("extinguisher"), std::string::npos);
  EXPECT_NE(child(), pid) << "who said too much is ended";
}

TEST_F(RealSlotTest, WhoWasStoppedWhileIdleCostsNoJobAndNoTime) {
  EXPECT_EQ(run(), "");
  auto pid = child();
  ::kill(pid, SIGSTOP);
  for (char state = 0; state != 'T';) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string word;
    in >> word >> word >> state;
  }
  auto begun = steady_clock::now();
  EXPECT_EQ(run(), "");
  EXPECT_LT(steady_clock::now() - begun, 8s) << "less than a frozen one gets";
  EXPECT_NE(child(), pid);
}

TEST_F(RealSlotTest, MemoryIsBounded) {
  if (auto why = sandbox(); !why.empty())
    GTEST_SKIP() << why;
  fault("eat:hungry");
  how([](auto& h) { h.memory_bytes = uint64_t{3} << 30; });
  EXPECT_EQ(run("hungry.txt"), "crash");
  EXPECT_EQ(run("good.txt"), "");
}

TEST_F(RealSlotTest, AFrozenProcessIsEnded) {
  fault("sleep:60000:slow");
  args.stopped_within = 1s;
  it().warm_up();
  auto pid = child();
  EXPECT_EQ(run_while("slow.txt", [=] { ::kill(pid, SIGSTOP); }), "stopped");
  EXPECT_EQ(run("good.txt"), "");
}

TEST_F(RealSlotTest, AProcessThatGoesOnAgainIsNot) {
  fault("sleep:2500:slow");
  args.stopped_within = 1s;
  it().warm_up();
  auto pid = child();
  EXPECT_EQ(run_while("slow.txt",
                      [=] {
                        ::kill(pid, SIGSTOP);
                        std::this_thread::sleep_for(300ms);
                        ::kill(pid, SIGCONT);
                      }),
            "");
}

TEST_F(RealSlotTest, AnAbortEndsAJobAtOnce) {
  fault("sleep:60000:slow");
  it().warm_up();
  steady_clock::time_point asked;
  EXPECT_EQ(run_while("slow.txt",
                      [&] {
                        asked = steady_clock::now();
                        it().abort(last_token);
                      }),
            "aborted");
  EXPECT_LT(steady_clock::now() - asked, 400ms) << "less than one look";
  EXPECT_EQ(run("good.txt"), "");
}

TEST_F(RealSlotTest, AnAbortOfAnotherJobIsForNobody) {
  fault("sleep:1000:slow");
  EXPECT_EQ(run_while("slow.txt", [&] { it().abort(last_token + 1); }), "");
}

TEST_F(RealSlotTest, AnAbortBeforeTheJobCostsNoProcess) {
  it().warm_up();
  auto pid = child();
  auto job = note();
  it().abort(job.token);
  EXPECT_EQ(run(job), "aborted");
  EXPECT_EQ(child(), pid);
  EXPECT_EQ(run(), "");
}

TEST_F(RealSlotTest, AProcessIsReplacedAfterItsShare) {
  how([](auto& h) { h.recycle_after = 2; });
  EXPECT_EQ(run(), "");
  auto first = child();
  EXPECT_EQ(run(), "");
  EXPECT_EQ(child(), first);
  EXPECT_EQ(run(), "");
  EXPECT_NE(child(), first);
}

TEST_F(RealSlotTest, AnotherPlanTakesAnotherProcess) {
  EXPECT_EQ(run(), "");
  auto first = child();
  how({}); // the same again
  EXPECT_EQ(run(), "");
  EXPECT_EQ(child(), first);
  how([](auto& h) { h.job_timeout = 77s; });
  EXPECT_EQ(run(), "");
  EXPECT_NE(child(), first);
}

TEST_F(RealSlotTest, AProcessThatDiedWhileIdleCostsNoJob) {
  EXPECT_EQ(run(), "");
  auto pid = child();
  ::kill(pid, SIGKILL);
  siginfo_t how{};
  ::waitid(P_PID, static_cast<id_t>(pid), &how, WEXITED | WNOWAIT);
  EXPECT_EQ(run(), "");
}

TEST_F(RealSlotTest, MissingEvidenceIsTheJobsOutcome) {
  auto job = note();
  fs::remove(job.path);
  auto r = it().run(job);
  ASSERT_TRUE(r) << r.why().detail;
  EXPECT_FALSE(r.value().ok && r.value().warnings.empty());
}

TEST_F(RealSlotTest, AScratchThatIsGoneIsNotTheJobsFault) {
  EXPECT_EQ(run(), "");
  fs::remove_all(args.scratch);
  EXPECT_EQ(run(), "start");
  EXPECT_EQ(run(), "");
}

TEST_F(RealSlotTest, WhatCannotWorkSaysWhy) {
  slot_setup s;
  s.how.ocr_languages = "xxx";
  s.rules_file = (root / "rules.json").string();
  std::ofstream(s.rules_file) << "not json";
  plan.set(s);
  EXPECT_EQ(run(), "start");
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("a slot cannot work: "), std::string::npos) << log[0];
}

TEST_F(RealSlotTest, WithoutAPlanAProcessIsOnlyWarmed) {
  slot_plan none;
  args.plan = &none;
  it().warm_up();
  auto pid = child();
  EXPECT_GT(pid, 0);
  slot_setup s;
  s.how.ocr_languages = "eng";
  none.set(s);
  EXPECT_EQ(run(), "");
  EXPECT_EQ(child(), pid);
}

TEST_F(RealSlotTest, FiftyLivesLeakNoDescriptor) {
  how([](auto& h) { h.recycle_after = 1; });
  EXPECT_EQ(run(), "");
  auto before = descriptors();
  for (int i = 0; i < 50; ++i)
    ASSERT_EQ(run(), "");
  EXPECT_EQ(descriptors(), before);
  slot.reset();
  EXPECT_EQ(descriptors(), before - 3);
  EXPECT_EQ(child(), 0) << "no zombie";
}

} // namespace
