// The process itself, asked for what its node would never ask.
#include "tests/app/slot_fixture.hpp"

#include <fcntl.h>
#include <sys/wait.h>

using namespace vigie;

namespace {

struct SlotChildTest : SlotProcessTest {
  int in = -1, out = -1;
  pid_t pid = -1;

  void SetUp() override {
    SlotProcessTest::SetUp();
    int jobs[2], answers[2];
    ASSERT_EQ(::pipe2(jobs, O_CLOEXEC) + ::pipe2(answers, O_CLOEXEC), 0);
    auto from = ::fcntl(jobs[0], F_DUPFD_CLOEXEC, 20);
    auto to = ::fcntl(answers[1], F_DUPFD_CLOEXEC, 20);
    pid = ::fork();
    if (pid == 0) {
      ::dup2(from, 3);
      ::dup2(to, 4);
      ::execl(VIGIE_WORKER, VIGIE_WORKER, "--slot", nullptr);
      ::_exit(127);
    }
    for (auto fd : {jobs[0], answers[1], from, to})
      ::close(fd);
    in = jobs[1];
    out = answers[0];
  }

  void TearDown() override {
    ::close(in);
    ::close(out);
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    SlotProcessTest::TearDown();
  }

  slot_ready begin() {
    fs::create_directories(root / "in");
    fs::create_directories(root / "tmp");
    slot_setup s;
    s.how.ocr_languages = "eng";
    s.scratch = (root / "tmp").string();
    s.readable = {(root / "in").string()};
    write_frame(in, to_frame(s));
    auto said = read_frame(out, longest_frame);
    auto ready = said ? from_bytes<slot_ready>(*said) : std::nullopt;
    return ready.value_or(slot_ready{"no answer", 0});
  }

  std::string text(const analysis_job& job) {
    write_frame(in, to_frame(job));
    auto said = read_frame(out, longest_frame);
    auto r = said ? from_bytes<slot_answer>(*said) : std::nullopt;
    return r && r->result.text ? r->result.text->content : "";
  }
};

TEST_F(SlotChildTest, SeesItsFolderAndNoOther) {
  if (auto why = sandbox(); !why.empty())
    GTEST_SKIP() << why;
  auto ready = begin();
  ASSERT_EQ(ready.trouble, "");
  if (ready.landlock == 0)
    GTEST_SKIP() << "this kernel has no Landlock";
  auto job = note(); // in the folder above
  EXPECT_EQ(text(job), "");
  fs::copy_file(job.path, root / "in" / "evidence");
  job.path = (root / "in" / "evidence").string();
  EXPECT_NE(text(job).find("extinguisher"), std::string::npos);
}

TEST_F(SlotChildTest, AStageThatIsNoneIsAFailedJob) {
  ASSERT_EQ(begin().trouble, "");
  auto job = note();
  job.what = static_cast<stage>(200);
  write_frame(in, to_frame(job));
  auto said = read_frame(out, longest_frame);
  auto r = said ? from_bytes<slot_answer>(*said) : std::nullopt;
  ASSERT_TRUE(r);
  EXPECT_EQ(r->token, job.token);
  EXPECT_FALSE(r->result.ok);
}

TEST_F(SlotChildTest, GarbageEndsIt) {
  ASSERT_EQ(begin().trouble, "");
  write_frame(in, std::string("\x04\0\0\0\xFF\xFF\xFF\xFF", 8));
  EXPECT_FALSE(read_frame(out, longest_frame));
}

TEST_F(SlotChildTest, EndsWithItsPipe) {
  ASSERT_EQ(begin().trouble, "");
  ::close(std::exchange(in, -1));
  EXPECT_FALSE(read_frame(out, longest_frame));
}

} // namespace
