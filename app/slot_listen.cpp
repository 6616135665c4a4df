// A slot's process: what is heard of it.

#include "app/slot_process.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;

} // namespace

/// One frame from the process; looks after it twice a second.
slot_process::heard slot_process::listen(std::string& bytes,
                                         clock::time_point until,
                                         uint64_t token) {
  std::string got;
  for (;;) {
    if (token != 0 && aborted_ == token)
      return heard::aborted;
    if (clock::now() >= until)
      return heard::late;
    if (frozen())
      return heard::frozen;
    pollfd p[2]{{child_.out, POLLIN, 0}, {wake_, POLLIN, 0}};
    ::poll(p, 2, 500);
    if (p[1].revents != 0) {
      uint64_t calls = 0;
      (void)!::read(wake_, &calls, sizeof calls);
      continue;
    }
    if (p[0].revents == 0) {
      if (gone()) // what it left running may hold the pipe open
        return heard::ended;
      continue;
    }
    char buffer[64 * 1024];
    auto n = ::read(child_.out, buffer, sizeof buffer);
    if (n <= 0)
      return heard::ended;
    got.append(buffer, static_cast<std::size_t>(n));
    if (got.size() < 4)
      continue;
    auto length = frame_length(got);
    if (length > longest_frame || got.size() > length + 4u)
      return heard::too_long;
    if (got.size() == length + 4u) {
      bytes = got.substr(4);
      return heard::frame;
    }
  }
}

/// Somebody stopped it (SIGSTOP) some seconds ago and it has not gone on.
bool slot_process::frozen() {
  siginfo_t info{};
  auto options = WNOHANG | WSTOPPED | WCONTINUED;
  auto id = static_cast<id_t>(child_.pid);
  if (::waitid(P_PID, id, &info, options) == 0 && info.si_pid != 0) {
    if (info.si_code == CLD_STOPPED)
      stopped_since_ = clock::now();
    else
      stopped_since_.reset();
  }
  return stopped_since_
         && clock::now() - *stopped_since_ > args_.stopped_within;
}

/// It has ended since its last job: killed by somebody, or out of memory.
bool slot_process::gone() const {
  siginfo_t info{};
  auto id = static_cast<id_t>(child_.pid);
  return ::waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT) == 0
         && info.si_pid != 0;
}

/// It lives, runs, and has said nothing unasked: a job can be handed to it. Who
/// was stopped while idle is not waited for.
bool slot_process::fit() {
  if (frozen() || stopped_since_ || gone())
    return false;
  pollfd p{child_.out, POLLIN, 0};
  auto begun = child_.plan != 0 && !child_.ready; // it may say so any time
  return begun || ::poll(&p, 1, 0) == 0;
}

/// The last `bytes` written to it are still in the pipe.
bool slot_process::unread(std::size_t bytes) const {
  int left = 0;
  return ::ioctl(child_.in, FIONREAD, &left) == 0
         && static_cast<std::size_t>(left) >= bytes;
}

} // namespace vigie
