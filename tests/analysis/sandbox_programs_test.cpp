#include "analysis/sandbox.hpp"

#include "analysis/tool.hpp"
#include "analysis/tool_box.hpp"
#include "tests/analysis/confined.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

using namespace vigie;
using namespace std::chrono_literals;
using samples::confined;

extern char** environ;

namespace {

char shell[] = "/bin/sh", option[] = "-c", order[] = "exit 42";
char* const words[] = {shell, option, order, nullptr};

/// 42: the shell ran. Otherwise the errno of `start` in a child.
template <class F>
int outcome_of(F start) {
  auto pid = ::fork();
  if (pid == 0) {
    start();
    ::_exit(errno);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

long start_at(int fd, const char* path, int flags = AT_EMPTY_PATH) {
  return ::syscall(SYS_execveat, fd, path, words, environ, flags);
}

class SandboxProgramsTest : public samples::sandbox_test {};

TEST_F(SandboxProgramsTest, TheFewCanBeStarted) {
  auto end = confined([] {
    auto r = run_tool({"pdfinfo", "-v"}, 10s, 100);
    return std::to_string(r.status);
  });
  EXPECT_EQ(end.said, "0");
}

TEST_F(SandboxProgramsTest, NoProgramButTheFewCanBeStarted) {
  auto end = confined([] {
    std::string out;
    auto refused = [&](const char* name, auto start, int why = EPERM) {
      if (auto got = outcome_of(start); got != why)
        out += std::string{name} + ": " + std::to_string(got) + '\n';
    };
    auto sh = ::open("/bin/sh", O_RDONLY);
    refused("execve", [] { ::execve(shell, words, environ); });
    refused("fexecve", [&] { ::fexecve(sh, words, environ); });
    refused("by fd", [&] { start_at(sh, empty_path()); });
    refused("by name", [] { start_at(AT_FDCWD, shell, 0); });
    refused("fd 50", [&] {
      ::dup2(sh, 50);
      start_at(50, empty_path());
    });
    refused("spawn", [] {
      pid_t child = 0;
      errno = ::posix_spawn(&child, shell, nullptr, nullptr, words, environ);
    });
    // With a number of a tool, but a path of one's own.
    refused("absolute", [] { start_at(tool_base, shell); });
    if (run_tool({"sh", "-c", "exit 0"}, 5s, 10).status != -1)
      out += "run_tool\n";
    return out;
  });
  EXPECT_EQ(end.said, "");
}

TEST_F(SandboxProgramsTest, ANumberOfAToolIsNeverGivenToAnotherFile) {
  auto end = confined([] {
    std::string out;
    auto is = [&](const char* name, long result, int why) {
      if (result != -1 || errno != why)
        out += std::string{name} + ": " + std::to_string(result) + '\n';
    };
    auto sh = ::open("/bin/sh", O_RDONLY);
    is("dup2", ::dup2(sh, tool_base), EBADF);
    ::close(tool_base);
    is("dup2 again", ::dup2(sh, tool_base), EBADF);
    is("dup3", ::dup3(sh, tool_base, O_CLOEXEC), EBADF);
    is("fcntl", ::fcntl(sh, F_DUPFD, tool_base), EINVAL);
    for (auto fd = sh; fd >= 0;) // as many as there may be
      fd = ::dup(sh);
    is("one more", ::open("/bin/sh", O_RDONLY), EMFILE);
    for (auto fd = 0; fd < 5; ++fd)
      is("tool", ::fcntl(tool_base, F_GETFD), EBADF);
    return out;
  });
  EXPECT_EQ(end.said, "");
}

TEST_F(SandboxProgramsTest, TheEmptyPathStaysEmpty) {
  auto end = confined([] {
    std::string out;
    auto* at = reinterpret_cast<void*>(empty_path_page);
    auto* below = reinterpret_cast<void*>(empty_path_page - 4'096);
    auto fixed = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS;
    auto both = PROT_READ | PROT_WRITE;
    auto other =
        ::mmap(nullptr, 8'192, both, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    auto no = [&](const char* name, bool refused) {
      if (!refused)
        out += std::string{name} + '\n';
    };
    no("protect", ::mprotect(at, 4'096, both) != 0);
    no("unmap", ::munmap(at, 4'096) != 0);
    no("unmap below", ::munmap(below, 8'192) != 0);
    no("not in a child", ::madvise(at, 4'096, MADV_DONTFORK) != 0);
    no("map", ::mmap(at, 4'096, both, fixed, -1, 0) == MAP_FAILED);
    no("map below", ::mmap(below, 8'192, both, fixed, -1, 0) == MAP_FAILED);
    no("from zero",
       ::mmap(nullptr, 128 * 1024, both, fixed, -1, 0) == MAP_FAILED);
    no("move over",
       ::mremap(other, 4'096, 4'096, MREMAP_MAYMOVE | MREMAP_FIXED, at)
           == MAP_FAILED);
    no("move away", ::mremap(at, 4'096, 8'192, MREMAP_MAYMOVE) == MAP_FAILED);
    auto memory = ::open("/proc/self/mem", O_RDWR); // root may open it
    no("write",
       memory < 0
           || ::pwrite(memory, shell, sizeof shell, empty_path_page) < 0);
    no("byte", *empty_path() == 0);
    return out;
  });
  EXPECT_EQ(end.said, "");
}

} // namespace
