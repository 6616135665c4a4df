// pump: who may speak, and for how long nothing may happen.

#include "remote/pump.hpp"

#include <algorithm>

namespace vigie {

/// Who takes no answers gets to ask no more, nor does who asks too fast; and
/// nobody before the server has said who it is.
bool pump::may_read() {
  auto now = clock::now();
  rest_ = std::max(pace_.rest(now), bytes_pace_.rest(now));
  return guard_.knows_server() && !in_.ended && in_.room() && out_.room()
         && rest_.count() == 0;
}

/// Enters the peer in the roll as soon as its handshake is whole.
bool pump::greeted() {
  if (entered_ || guard_.client().empty())
    return true;
  if (auto why = roll_.enter(
          guard_.client(), serial_,
          [this] { cut(refusal::replaced, "it has connected again"); },
          sent_)) {
    stop(refusal::bad_frame, *why);
    return false;
  }
  entered_ = true;
  return true;
}

void pump::leave_roll() {
  if (std::exchange(entered_, false))
    roll_.leave(guard_.client());
}

void pump::wait() {
  // A side that is asked for nothing is left out: its end would wake us for
  // ever. It shows as soon as it is asked again, or by the stall.
  auto asked = [](int fd, int events) {
    return pollfd{events != 0 ? fd : -1, static_cast<short>(events), 0};
  };
  pollfd rows[] = {
      asked(p_.client.get(), read_wants_ | write_wants_),
      asked(p_.core.get(), (!out_.ended && out_.room() ? POLLIN : 0)
                               | (in_.pending() > 0 ? POLLOUT : 0)),
      asked(wake_.get(), POLLIN),
  };
  auto idle = entered_ && in_.pending() == 0 && out_.pending() == 0;
  auto most = rest_.count() > 0 ? rest_
              : entered_        ? std::chrono::milliseconds{1'000}
                                : p_.greet_in;
  ::poll(rows, 3,
         idle && rest_.count() == 0 ? -1 : static_cast<int>(most.count()));
  check_stall();
}

void pump::check_stall() {
  auto now = clock::now();
  if (out_.pending() > 0 && now - out_.moved > p_.stall)
    stop(refusal::stalled, {});
  if (in_.pending() > 0 && now - in_.moved > p_.stall)
    stop(refusal::no_core, {});
  if (!entered_ && now - since_ >= p_.greet_in)
    stop(refusal::slow, "no BASP handshake");
}

} // namespace vigie
