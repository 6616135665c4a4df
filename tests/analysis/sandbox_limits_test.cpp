#include "analysis/sandbox.hpp"

#include "tests/analysis/confined.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <new>
#include <sstream>
#include <thread>

using namespace vigie;
using samples::confined;
using samples::refusals;

namespace {

std::string contents(const char* file) {
  std::ifstream in(file);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

class SandboxLimitsTest : public samples::sandbox_test {};

TEST_F(SandboxLimitsTest, ASecondThreadIsRefusedBeforeAndAllowedAfter) {
  auto before = samples::elsewhere([] {
    std::thread waits{[] { ::pause(); }};
    waits.detach();
    auto entered = enter_sandbox({});
    return entered ? std::string{"entered"} : entered.why().detail;
  });
  EXPECT_EQ(before.said, "sandbox: there is more than one thread");
  auto after = confined([] {
    std::string said;
    std::thread{[&] { said = "ran"; }}.join();
    return said;
  });
  EXPECT_EQ(after.said, "ran");
}

TEST_F(SandboxLimitsTest, OnlyTheDescriptorsThatWereGivenStayOpen) {
  auto stray = ::open("/dev/null", O_RDONLY);
  auto high = ::fcntl(stray, F_DUPFD, 900);
  auto end = confined([&] {
    std::string open;
    for (int fd = 3; fd < 1'100; ++fd)
      if (::fcntl(fd, F_GETFD) == 0) // close-on-exec is 1
        open += std::to_string(fd) + ' ';
    for (auto fd : {stray, high})
      if (::fcntl(fd, F_GETFD) >= 0)
        open += "stray";
    return open;
  });
  ::close(stray);
  ::close(high);
  EXPECT_EQ(end.said, "");
}

TEST_F(SandboxLimitsTest, AFileThatGrowsTooLargeIsAnError) {
  sandbox_limits limits;
  limits.file_bytes = 4'096;
  auto end = confined(
      [] {
        auto fd = ::open("/tmp", O_TMPFILE | O_WRONLY, 0600);
        std::string bytes(8'192, 'x');
        auto first = ::write(fd, bytes.data(), bytes.size());
        auto second = ::write(fd, bytes.data(), bytes.size());
        return std::to_string(first) + ' ' + std::to_string(second) + ' '
               + std::to_string(errno == EFBIG);
      },
      limits);
  EXPECT_EQ(end.said, "4096 -1 1");
}

TEST_F(SandboxLimitsTest, MemoryBeyondTheLimitIsRefused) {
  sandbox_limits limits;
  limits.memory_bytes = 1u << 30;
  auto end = confined(
      [] {
        try {
          std::string big(2u << 30, 'x');
          return std::string{"given"};
        } catch (const std::bad_alloc&) {
          return std::string{"refused"};
        }
      },
      limits);
  EXPECT_EQ(end.said, "refused");
}

TEST_F(SandboxLimitsTest, ThePermittedPathsAreAllThatIsReadOrWritten) {
  auto pattern = std::string{"/tmp/vigie-XXXXXX"};
  std::filesystem::path root = ::mkdtemp(pattern.data());
  for (auto* name : {"evidence", "scratch", "secret"}) {
    std::filesystem::create_directory(root / name);
    std::ofstream(root / name / "file") << name;
  }
  sandbox_limits limits;
  limits.readable = {root / "evidence"};
  limits.writable = {root / "scratch"};
  auto abi = 0;
  auto end = samples::elsewhere([&]() -> std::string {
    auto limited = limits;
    for (int fd = 3; fd < 20; ++fd)
      if (::fcntl(fd, F_GETFD) >= 0)
        limited.keep.push_back(fd);
    auto entered = enter_sandbox(limited);
    if (!entered)
      return entered.why().detail;
    abi = entered.value().landlock_abi;
    if (abi == 0)
      return "no landlock";
    refusals r;
    auto open = [&](const char* name, int how) {
      return ::open((root / name).c_str(), how, 0600);
    };
    r.expect("secret", open("secret/file", O_RDONLY), EACCES);
    r.expect("evidence", open("evidence/file", O_WRONLY), EACCES);
    r.expect("new", open("evidence/new", O_CREAT | O_WRONLY), EACCES);
    r.expect("system", ::open("/usr/bin/pdfinfo", O_WRONLY), EACCES);
    r.expect("passwords", ::open("/etc/shadow", O_RDONLY), EACCES);
    r.expect("processes", ::open("/proc/1/status", O_RDONLY), EACCES);
    if (contents((root / "evidence/file").c_str()) != "evidence")
      return "evidence is not readable";
    if (open("scratch/file", O_RDWR | O_TRUNC) < 0
        || open("scratch/new", O_CREAT | O_RDWR) < 0
        || ::unlink((root / "scratch/new").c_str()) != 0)
      return "scratch is not writable";
    return r.list();
  });
  std::filesystem::remove_all(root);
  if (end.said == "no landlock")
    GTEST_SKIP() << "this kernel has no Landlock";
  EXPECT_EQ(end.said, "");
}

} // namespace
