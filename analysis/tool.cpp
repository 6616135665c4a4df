#include "analysis/tool.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

extern char** environ;

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;

/// Starts the program with its output on `to`; answers its pid or -1.
pid_t launch(std::vector<std::string>& command, int to) {
  std::vector<char*> argv;
  for (auto& word : command)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, to, 1);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  pid_t pid = -1;
  if (posix_spawnp(&pid, argv[0], &files, nullptr, argv.data(), environ) != 0)
    pid = -1;
  posix_spawn_file_actions_destroy(&files);
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
