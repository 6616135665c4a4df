#include "app/slots.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

extern char** environ;

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

} // namespace

struct slot_keeper::child {
  pid_t pid = -1;
  clock::time_point started{};
  clock::time_point not_before{};
  std::chrono::milliseconds pause = 100ms;
};

slot_keeper::slot_keeper(std::vector<std::string> command, unsigned slots)
    : command_(std::move(command)), slots_(slots) {
  // nop
}

slot_keeper::~slot_keeper() { stop(); }

void slot_keeper::start() {
  thread_ = std::thread([this] { run(); });
}

void slot_keeper::stop() {
  stopping_ = true;
  if (thread_.joinable())
    thread_.join();
}

void slot_keeper::launch(child& c, unsigned number) {
  auto words = command_;
  words.push_back(std::to_string(number));
  std::vector<char*> argv;
  for (auto& w : words)
    argv.push_back(w.data());
  argv.push_back(nullptr);
  // Signals are blocked in vigied (one thread waits for them): not in a child.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  if (posix_spawn(&c.pid, argv[0], nullptr, &attributes, argv.data(), environ)
      != 0)
    c.pid = -1;
  posix_spawnattr_destroy(&attributes);
  c.started = clock::now();
}

void slot_keeper::run() {
  std::vector<child> children(slots_);
  while (!stopping_) {
    for (unsigned i = 0; i < slots_; ++i) {
      auto& c = children[i];
      if (c.pid > 0 && ::waitpid(c.pid, nullptr, WNOHANG) == c.pid) {
        auto lived = clock::now() - c.started;
        c.pause = lived > 10s ? 100ms : std::min(c.pause * 2, 5000ms);
        c.not_before = clock::now() + c.pause;
        c.pid = -1;
      }
      if (c.pid <= 0 && clock::now() >= c.not_before)
        launch(c, i + 1);
    }
    std::this_thread::sleep_for(50ms); // this thread only minds processes
  }
  for (auto& c : children)
    if (c.pid > 0)
      ::kill(c.pid, SIGKILL);
  for (auto& c : children)
    if (c.pid > 0)
      ::waitpid(c.pid, nullptr, 0);
}

} // namespace vigie
