// BROADCASTER: what has left for a client, and the end of every stream.

#include "actors/broadcaster.hpp"

#include "domain/sse.hpp"

#include <sys/socket.h>

#include <random>
#include <utility>

namespace vigie {

namespace {

constexpr std::chrono::seconds for_last_words{1}; // and up to a tick

} // namespace

void broadcaster_state::sent(handle h, std::size_t remaining) {
  auto i = clients.find(h);
  if (i == clients.end())
    return;
  i->second.pending = remaining;
  i->second.moved = self->clock().now();
  if (leaving && remaining == 0) {
    part(h);
    tell_if_alone();
  } else if (!i->second.live && remaining < rules.most_pending / 4) {
    replay(h);
  }
}

void broadcaster_state::say_goodbye() {
  if (!leaving) {
    leaving = self->clock().now() + for_last_words;
    std::mt19937_64 engine{std::random_device{}()};
    std::uniform_real_distribution<double> draw{0, 1};
    std::vector<handle> heard;
    for (auto& [h, c] : clients) {
      write(h, c, sse_farewell(draw(engine)));
      if (c.pending == 0)
        heard.push_back(h);
    }
    for (auto h : heard)
      part(h);
  }
  tell_if_alone();
}

/// Everything has left: an orderly end, which close() alone would be too, but
/// for what the client may have said and nobody read.
void broadcaster_state::part(handle h) {
  clients.erase(h);
  ::shutdown(static_cast<int>(h.id()), SHUT_WR);
  self->close(h);
}

void broadcaster_state::tell_if_alone() {
  if (!leaving || !clients.empty())
    return;
  for (auto& promise : std::exchange(told, {}))
    promise.deliver(true);
}

} // namespace vigie
