// A slot's process: how it begins and how it ends.

#include "app/child_process.hpp"
#include "app/slot_child.hpp"
#include "app/slot_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

namespace vigie {

namespace {

struct pipe_ends {
  std::array<int, 2> fd{-1, -1};
  pipe_ends() { (void)!::pipe2(fd.data(), O_CLOEXEC); }
  int take(std::size_t i) { return std::exchange(fd[i], -1); }
  ~pipe_ends() {
    for (auto f : fd)
      if (f >= 0)
        ::close(f);
  }
};

/// In a group of its own, the pipes at 3 and 4. Of our environment it gets what
/// it needs, and nothing that a parser could read to our harm.
pid_t spawn(const std::string& program, int in, int out) {
  child_wish wish;
  wish.words = {program, "--slot"};
  wish.environment = environment_of({"VIGIE_FAULT", "TESSDATA_PREFIX"});
  for (auto fixed :
       {"PATH=/usr/bin:/bin", "OMP_THREAD_LIMIT=1", "LC_ALL=C.UTF-8"})
    wish.environment.emplace_back(fixed);
  wish.pipes = {{in, slot_in}, {out, slot_out}};
  wish.own_group = true;
  return start_child(wish);
}

constexpr auto ready_within = std::chrono::seconds{60};

/// A library that calls exit() on a bad file has crashed; who ends before it
/// was ready could not start.
std::string words_of(const siginfo_t& how, bool ready) {
  if (how.si_code == CLD_EXITED)
    return ready ? "crash" : "start";
  return how.si_status == SIGXCPU ? "cpu" : "crash";
}

} // namespace

bool slot_process::launch() {
  std::error_code failed;
  std::filesystem::remove_all(args_.scratch, failed);
  std::filesystem::create_directories(args_.scratch / "in", failed);
  std::filesystem::create_directories(args_.scratch / "tmp", failed);
  std::filesystem::permissions(args_.scratch, std::filesystem::perms::owner_all,
                               failed);
  pipe_ends jobs, answers;
  child_ = {};
  trouble_.clear();
  child_.pid = spawn(args_.program.string(), jobs.fd[0], answers.fd[1]);
  if (child_.pid <= 0)
    return false;
  child_.in = jobs.take(1);
  child_.out = answers.take(0);
  return true;
}

bool slot_process::instruct(slot_setup setup, uint64_t plan) {
  child_.plan = plan;
  setup.scratch = (args_.scratch / "tmp").string();
  setup.readable = {(args_.scratch / "in").string()};
  return write_frame(child_.in, to_frame(setup));
}

bool slot_process::await_ready() {
  std::string bytes;
  if (listen(bytes, std::chrono::steady_clock::now() + ready_within, 0)
      == heard::frame)
    if (auto said = from_bytes<slot_ready>(bytes)) {
      trouble_ = said->trouble.substr(0, 500);
      child_.ready = trouble_.empty();
      return child_.ready;
    }
  return false;
}

void slot_process::close_pipes() {
  for (auto* fd : {&child_.in, &child_.out})
    if (auto old = std::exchange(*fd, -1); old >= 0)
      ::close(old);
}

/// The whole group goes: what it started dies with it.
std::string slot_process::end(std::chrono::milliseconds patience) {
  close_pipes();
  stopped_since_.reset();
  if (child_.pid <= 0)
    return "start";
  siginfo_t how{};
  auto id = static_cast<id_t>(child_.pid);
  // It may have ended by itself: then that is how.
  for (auto i = patience.count(); i > 0 && how.si_pid == 0; --i) {
    if (::waitid(P_PID, id, &how, WEXITED | WNOHANG | WNOWAIT) != 0)
      break;
    if (how.si_pid == 0)
      ::usleep(1'000);
  }
  ::kill(-child_.pid, SIGKILL); // nobody inside can leave the group
  siginfo_t last{};
  while (::waitid(P_PID, id, &last, WEXITED) != 0 && errno == EINTR) {
    // a signal of the node
  }
  auto was_ready = child_.ready;
  child_ = {};
  std::error_code failed;
  std::filesystem::remove_all(args_.scratch, failed);
  return words_of(how.si_pid != 0 ? how : last, was_ready);
}

} // namespace vigie
