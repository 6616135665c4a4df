#include "analysis/tool.hpp"

#include "analysis/tool_box.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto grace = 2s; // for the alarm of the tool to end it

/// Nothing of ours: it may hold keys, and LD_PRELOAD is nobody's business.
char* const environment[] = {const_cast<char*>("LC_ALL=C.UTF-8"),
                             const_cast<char*>("HOME=/nonexistent"),
                             const_cast<char*>("PATH=/usr/bin:/bin"), nullptr};

/// As a program expects to be started; signals that we ignore stay ignored
/// across exec otherwise. Async-signal-safe.
void reset_signals() {
  struct sigaction plain = {};
  plain.sa_handler = SIG_DFL;
  for (int n = 1; n < NSIG; ++n)
    ::sigaction(n, &plain, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Two clocks that no parent has to mind. Async-signal-safe.
void limit_time(std::chrono::seconds patience) {
  auto cpu = static_cast<rlim_t>(patience.count()) + 1;
  rlimit limit{cpu, cpu};
  ::setrlimit(RLIMIT_CPU, &limit);
  ::alarm(static_cast<unsigned>(patience.count()));
}

/// Starts the program with its output on `to`; answers its pid or -1. The
/// kernel ends it with the thread that called: a slot may be killed any time.
pid_t launch(std::vector<std::string>& command, int tool,
             std::chrono::seconds patience, int to) {
  std::vector<char*> argv;
  for (auto& word : command)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  auto null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  auto parent = ::getpid();
  auto pid = ::fork();
  if (pid == 0) { // only async-signal-safe calls from here on
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    reset_signals();
    limit_time(patience);
    if (::getppid() == parent && ::dup2(null, 0) == 0 && ::dup2(to, 1) == 1
        && ::dup2(null, 2) == 2)
      ::syscall(SYS_execveat, tool, empty_path(), argv.data(), environment,
                AT_EMPTY_PATH);
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

/// The tool ends by itself, by its alarm or by a pipe that nobody reads.
int status_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    // a signal of the slot, not of the tool
  }
  return status;
}

} // namespace

tool_result run_tool(std::vector<std::string> command,
                     std::chrono::seconds patience, std::size_t most) {
  tool_result result;
  program tool{command.front()};
  int ends[2];
  if (tool.fd() < 0 || ::pipe2(ends, O_CLOEXEC) != 0)
    return result;
  patience = std::max(patience, 1s); // alarm(0) would be no alarm
  auto pid = launch(command, tool.fd(), patience, ends[1]);
  ::close(ends[1]);
  auto finished =
      pid > 0 && drain(ends[0], clock::now() + patience + grace, most, result);
  ::close(ends[0]);
  if (pid <= 0)
    return result;
  auto status = status_of(pid);
  if (finished && WIFEXITED(status))
    result.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)
      && (WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGXCPU))
    result.late = true;
  return result;
}

} // namespace vigie
