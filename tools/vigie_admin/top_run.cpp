#include "tools/vigie_admin/top_run.hpp"

#include "tools/vigie_admin/screen.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>

namespace vigie {

namespace {

using steady = std::chrono::steady_clock;

constexpr auto redraw = std::chrono::milliseconds{500};

std::string local_time() {
  auto now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  std::array<char, 16> out{};
  std::strftime(out.data(), out.size(), "%H:%M:%S", &parts);
  return out.data();
}

/// Asks on a thread of its own, so that keys are never waited for. The thread
/// may hang in a question when the program is over: who is done calls _exit.
class asker {
public:
  asker(picture_source source, std::chrono::milliseconds pause)
      : source_(std::move(source)), pause_(pause),
        bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    std::thread{[this] { run(); }}.detach();
  }

  int bell() const { return bell_; }

  void hold(bool yes) {
    std::lock_guard guard{lock_};
    held_ = yes;
    wake_.notify_all();
  }

  /// The newest answer, once.
  std::optional<outcome<admin_answer>> take() {
    uint64_t rung = 0;
    [[maybe_unused]] auto n = ::read(bell_, &rung, sizeof rung);
    std::lock_guard guard{lock_};
    return std::exchange(fresh_, std::nullopt);
  }

private:
  [[noreturn]] void run() {
    for (;;) {
      auto got = source_();
      std::unique_lock guard{lock_};
      fresh_.emplace(std::move(got));
      uint64_t one = 1;
      [[maybe_unused]] auto n = ::write(bell_, &one, sizeof one);
      wake_.wait_for(guard, pause_, [] { return false; });
      wake_.wait(guard, [this] { return !held_; });
    }
  }

  picture_source source_;
  std::chrono::milliseconds pause_;
  int bell_;
  std::mutex lock_;
  std::condition_variable wake_;
  bool held_ = false;
  std::optional<outcome<admin_answer>> fresh_;
};

int open_signals() {
  sigset_t ours;
  sigemptyset(&ours);
  for (auto n : {SIGINT, SIGTERM, SIGHUP, SIGWINCH})
    sigaddset(&ours, n);
  return ::signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// 0: nothing is there.
int next_signal(int fd) {
  signalfd_siginfo info{};
  auto n = ::read(fd, &info, sizeof info);
  return n == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

/// False: a signal ends it.
bool obey(int signals, screen& on) {
  auto resized = false;
  for (int n = next_signal(signals); n != 0; n = next_signal(signals)) {
    if (n != SIGWINCH)
      return false;
    resized = true;
  }
  if (resized)
    on.resized();
  return true;
}

bool press_all(top_model& m, screen& on) {
  for (auto k = on.next_key(); k; k = on.next_key())
    if (!m.press(*k))
      return false;
  return true;
}

struct picture_time {
  steady::time_point at = steady::now();
};

void take(top_model& m, asker& from, picture_time& last) {
  if (auto got = from.take(); got && *got) {
    m.last = std::move(*got).value();
    m.any = true;
    m.trouble.clear();
    m.clock = local_time();
    last.at = steady::now();
  } else if (got) {
    m.trouble = got->why().detail;
  }
  m.age = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now()
                                                                - last.at);
}

} // namespace

int run_top(const admin_options& o, picture_source source) {
  auto on = screen::open(wants_colour(STDOUT_FILENO));
  if (!on) {
    std::fputs("vigie-admin: top needs a terminal (TERM names none that is "
               "known); use --json top\n",
               stderr);
    return 2;
  }
  top_model m;
  m.server = o.host + ":" + std::to_string(o.port);
  auto* from = new asker{std::move(source), o.interval}; // outlives us
  auto signals = open_signals();
  picture_time last;
  for (;;) {
    take(m, *from, last);
    on->show(m);
    std::array<pollfd, 3> wait{{{STDIN_FILENO, POLLIN, 0},
                                {signals, POLLIN, 0},
                                {from->bell(), POLLIN, 0}}};
    ::poll(wait.data(), wait.size(), static_cast<int>(redraw.count()));
    // Hung up: nobody is there any more.
    auto gone = (wait[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
    if (gone || !obey(signals, *on) || !press_all(m, *on))
      return 0;
    from->hold(m.paused);
  }
}

} // namespace vigie
