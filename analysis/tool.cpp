#include "analysis/tool.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;

/// Starts the program with its output on `to`; answers its pid or -1. The
/// kernel ends it with the thread that called: a slot may be killed any time.
pid_t launch(std::vector<std::string>& command, int to) {
  std::vector<char*> argv;
  for (auto& word : command)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  auto null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  auto parent = ::getpid();
  auto pid = ::fork();
  if (pid == 0) { // only async-signal-safe calls from here on
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() == parent && ::dup2(null, 0) == 0 && ::dup2(to, 1) == 1
        && ::dup2(null, 2) == 2)
      ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(null);
  return pid;
}

/// Reads until the end, the deadline or the limit; true at the end.
bool drain(int from, clock::time_point deadline, std::size_t most,
           tool_result& result) {
  char buffer[16 * 1024];
  for (;;) {
    auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(
                    deadline - clock::now())
                    .count();
    pollfd p{from, POLLIN, 0};
    auto heard = rest <= 0 ? 0 : ::poll(&p, 1, static_cast<int>(rest));
    if (heard == 0) {
      result.late = true;
      return false;
    }
    auto n = heard < 0 ? -1 : ::read(from, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return true;
    auto room = most - std::min(most, result.out.size());
    result.out.append(buffer, std::min(static_cast<std::size_t>(n), room));
    if (room == 0)
      return false;
  }
}

} // namespace

tool_result run_tool(std::vector<std::string> command,
                     std::chrono::seconds patience, std::size_t most) {
  tool_result result;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return result;
  auto pid = launch(command, ends[1]);
  ::close(ends[1]);
  if (pid > 0) {
    auto finished = drain(ends[0], clock::now() + patience, most, result);
    if (!finished)
      ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
      // a signal of the slot, not of the tool
    }
    if (finished && WIFEXITED(status))
      result.status = WEXITSTATUS(status);
  }
  ::close(ends[0]);
  return result;
}

} // namespace vigie
