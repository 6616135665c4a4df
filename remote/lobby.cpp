#include "remote/lobby.hpp"

#include <sys/socket.h>

#include <algorithm>

namespace vigie {

namespace {

using namespace std::chrono_literals;

enum class glance : uint8_t { nothing, tls, other, closed };

/// A first look without taking the bytes: a TLS record with a ClientHello?
glance look(int fd) {
  unsigned char b[6];
  auto n = ::recv(fd, b, sizeof b, MSG_PEEK | MSG_DONTWAIT);
  if (n == 0)
    return glance::closed;
  if (n < 0)
    return errno == EAGAIN || errno == EINTR ? glance::nothing : glance::closed;
  auto fits = b[0] == 22 && (n < 2 || b[1] == 3) && (n < 6 || b[5] == 1);
  return fits ? glance::tls : glance::other;
}

} // namespace

lobby::lobby(const tls_server& tls, door_book& book, lobby_rules rules,
             std::function<void(newcomer)> arrived)
    : tls_(tls), book_(book), rules_(rules), arrived_(std::move(arrived)),
      limiter_(rules.limits) {}

void lobby::enter(unique_fd socket, std::string address, time now) {
  if (guests_.size() >= rules_.most_guests && !make_room(now)) {
    book_.refused(address, refusal::crowded);
    return;
  }
  auto& g = guests_.emplace_back();
  g.socket = std::move(socket);
  g.address = std::move(address);
  g.since = now;
}

/// Who has said nothing goes first, then who takes his time: a good node
/// shakes hands in some milliseconds, on a long way in some hundred.
bool lobby::make_room(time now) {
  auto leaves = std::ranges::find(guests_, phase::silent, &guest::at);
  if (leaves == guests_.end())
    leaves = std::ranges::find_if(guests_, [&](auto& g) {
      return g.at == phase::shaking && now - g.since > rules_.brisk;
    });
  if (leaves == guests_.end())
    return false;
  refuse(*leaves, refusal::crowded);
  guests_.erase(leaves);
  return true;
}

void lobby::watch(std::vector<pollfd>& rows) const {
  // Who waits is not asked: his bytes lie there and would wake us for ever.
  for (auto& g : guests_)
    rows.push_back({g.at == phase::waiting ? -1 : g.socket.get(), g.wants, 0});
}

void lobby::advance(std::span<const pollfd> rows, time now) {
  auto row = rows.begin();
  for (auto& g : guests_) {
    if (row == rows.end())
      break;
    if ((row++)->revents == 0)
      continue;
    if (g.at == phase::silent)
      listen_to(g, now);
    else if (g.at == phase::shaking)
      shake(g, now);
  }
}

void lobby::listen_to(guest& g, time now) {
  switch (look(g.socket.get())) {
  case glance::nothing:
    return;
  case glance::tls:
    return let_wait(g, now);
  case glance::other:
    return refuse(g, refusal::not_tls);
  case glance::closed:
    return refuse(g, refusal::silent);
  }
}

void lobby::let_wait(guest& g, time now) {
  auto before = std::ranges::count_if(guests_, [&](auto& other) {
    return other.at == phase::waiting && other.address == g.address;
  });
  g.at = phase::waiting;
  g.since = now;
  // Behind others of his address he waits, else he may be in at once.
  if (before == 0 && limiter_.admit(g.address, now))
    return shake(g, now);
  ++book_.throttled;
  if (static_cast<std::size_t>(before) >= rules_.most_waiting)
    refuse(g, refusal::crowded);
}

void lobby::shake(guest& g, time now) {
  if (g.at != phase::shaking) {
    g.at = phase::shaking;
    g.since = now;
    g.tls = tls_.accept(g.socket.get());
  }
  auto step = proceed(g.tls);
  switch (step.state) {
  case handshake_step::wants_read:
    g.wants = POLLIN;
    return;
  case handshake_step::wants_write:
    g.wants = POLLOUT;
    return;
  case handshake_step::bad:
    return refuse(g, step.why, step.detail);
  case handshake_step::good:
    break;
  }
  limiter_.succeeded(g.address, now);
  g.at = phase::gone;
  arrived_({std::move(g.socket), std::move(g.tls), g.address});
}

void lobby::refuse(guest& g, refusal why, const std::string& detail) {
  book_.refused(g.address, why, detail);
  g.at = phase::gone;
  g.tls.ssl.reset();
  g.socket.reset();
}

void lobby::tend(time now) {
  for (auto& g : guests_) {
    if (g.at == phase::waiting && limiter_.admit(g.address, now))
      shake(g, now);
    if (g.at == phase::gone || now - g.since < rules_.patience)
      continue;
    if (g.at == phase::silent)
      refuse(g, refusal::silent);
    else
      refuse(g, g.at == phase::waiting ? refusal::crowded : refusal::slow);
  }
  guests_.remove_if([](auto& g) { return g.at == phase::gone; });
}

std::chrono::milliseconds lobby::next(time now) const {
  auto soonest = 1'000ms;
  for (auto& g : guests_) {
    if (g.at == phase::waiting)
      return 5ms; // the trickle brings a token every ten
    auto left = std::chrono::ceil<std::chrono::milliseconds>(
        g.since + rules_.patience - now);
    soonest = std::clamp(left, 1ms, soonest);
  }
  return soonest;
}

} // namespace vigie
