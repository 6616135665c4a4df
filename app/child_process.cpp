#include "app/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <cstdlib>

namespace vigie {

namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& w : words)
    out.push_back(w.data());
  out.push_back(nullptr);
  return out;
}

/// Numbers that no dup2 can overwrite before they are copied.
class pipe_plan {
public:
  explicit pipe_plan(const std::vector<std::pair<int, int>>& pipes) {
    posix_spawn_file_actions_init(&actions_);
    if (!pipes.empty())
      posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    for (auto& [ours, there] : pipes) {
      safe_.push_back(::fcntl(ours, F_DUPFD_CLOEXEC, 10));
      posix_spawn_file_actions_adddup2(&actions_, safe_.back(), there);
    }
  }
  ~pipe_plan() {
    posix_spawn_file_actions_destroy(&actions_);
    for (auto fd : safe_)
      ::close(fd);
  }
  pipe_plan(const pipe_plan&) = delete;
  pipe_plan& operator=(const pipe_plan&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_;
  std::vector<int> safe_;
};

} // namespace

pid_t start_child(const child_wish& wish) {
  pipe_plan files{wish.pipes};
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setpgroup(&how, 0);
  posix_spawnattr_setflags(
      &how, static_cast<short>(POSIX_SPAWN_SETSIGMASK
                               | (wish.own_group ? POSIX_SPAWN_SETPGROUP : 0)));
  auto words = wish.words;
  auto argv = pointers(words);
  auto known = wish.environment;
  auto env = pointers(known);
  pid_t pid = -1;
  if (::posix_spawn(&pid, argv[0], files.get(), &how, argv.data(), env.data())
      != 0)
    pid = -1;
  posix_spawnattr_destroy(&how);
  return pid;
}

std::vector<std::string>
environment_of(std::initializer_list<const char*> names) {
  std::vector<std::string> out;
  for (auto name : names)
    if (auto* value = std::getenv(name))
      out.push_back(std::string{name} + "=" + value);
  return out;
}

} // namespace vigie
