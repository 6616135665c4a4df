#include "app/node_keeper.hpp"

#include "app/child_process.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

} // namespace

node_keeper::node_keeper(std::vector<std::string> command,
                         std::function<void(const std::string&)> log)
    : command_(std::move(command)), log_(std::move(log)) {
  // nop
}

node_keeper::~node_keeper() { stop(); }

void node_keeper::start() {
  thread_ = std::thread([this] { run(); });
}

void node_keeper::stop() {
  stopping_ = true;
  if (thread_.joinable())
    thread_.join();
}

/// Not the key of the model, nor whatever else we were given.
int node_keeper::launch() {
  child_wish wish;
  wish.words = command_;
  wish.environment = environment_of(
      {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TESSDATA_PREFIX",
       "VIGIE_FAULT", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"});
  return start_child(wish);
}

void node_keeper::run() {
  pid_t pid = -1;
  auto pause = 100ms;
  clock::time_point started{}, not_before{};
  auto left = false;
  while (!stopping_) {
    int status = 0;
    if (pid > 0 && ::waitpid(pid, &status, WNOHANG) == pid) {
      pid = -1;
      left = WIFEXITED(status) && WEXITSTATUS(status) == 0;
      if (!retired_)
        log_(left ? "the local node has left; a restart brings it back"
                  : "the local node has ended and is started again");
      pause =
          clock::now() - started > 10s ? 100ms : std::min(pause * 2, 5000ms);
      not_before = clock::now() + pause;
    }
    if (pid <= 0 && !left && !retired_ && clock::now() >= not_before) {
      pid = launch();
      started = clock::now();
    }
    std::this_thread::sleep_for(50ms); // this thread only minds a process
  }
  if (pid > 0) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
}

} // namespace vigie
