// bench-fanout: the least that live events take: an epoll loop and one send()
// per socket and event. Says its port; when COUNT have joined and a line came
// on standard input, sends.
// Usage: bench-fanout COUNT EVENTS BYTES PAUSE_US

#include "tools/bench/common.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace vigie::bench;

struct reader {
  int fd = -1;
  std::size_t event = 0, offset = 0; ///< What it gets next.
  bool blocked = false;
};

/// The bytes of an event; it says when it was made.
std::string event(std::size_t n, std::size_t bytes) {
  auto out = "id: " + std::to_string(n)
             + "\ndata: {\"t\":" + std::to_string(now_ns()) + ",\"fill\":\"";
  auto rest = out.size() + 4;
  return out + std::string(bytes > rest ? bytes - rest : 0, 'x') + "\"}\n\n";
}

struct fanout {
  int loop = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<reader> readers;
  std::vector<std::string> events;

  void join(int listener, std::size_t at) {
    auto fd = ::accept(listener, nullptr, nullptr);
    char request[2048];
    if (fd < 0 || ::recv(fd, request, sizeof request, 0) <= 0)
      give_up("a reader did not join");
    send_all(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                 "retry: 3000\n\n");
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    epoll_event e{};
    e.data.u64 = at;
    ::epoll_ctl(loop, EPOLL_CTL_ADD, fd, &e);
    readers[at].fd = fd;
  }

  void watch(std::size_t at, bool writable) {
    readers[at].blocked = writable;
    epoll_event e{};
    e.events = writable ? EPOLLOUT : 0u;
    e.data.u64 = at;
    ::epoll_ctl(loop, EPOLL_CTL_MOD, readers[at].fd, &e);
  }

  void push(std::size_t at) {
    auto& r = readers[at];
    while (r.event < events.size()) {
      auto& bytes = events[r.event];
      auto n = ::send(r.fd, bytes.data() + r.offset, bytes.size() - r.offset,
                      MSG_NOSIGNAL);
      if (n < 0 && errno == EAGAIN) {
        if (!r.blocked)
          watch(at, true);
        return;
      }
      if (n < 0)
        give_up("send");
      r.offset += static_cast<std::size_t>(n);
      if (r.offset == bytes.size()) {
        ++r.event;
        r.offset = 0;
      }
    }
    if (r.blocked)
      watch(at, false);
  }

  /// Writes to who can take again, for so long at most.
  void turn(int ms) {
    epoll_event ready[256];
    auto n = ::epoll_wait(loop, ready, 256, ms);
    for (int i = 0; i < n; ++i)
      push(ready[i].data.u64);
  }

  bool done() const {
    for (auto& r : readers)
      if (r.event < events.size())
        return false;
    return true;
  }
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    give_up("usage: bench-fanout COUNT EVENTS BYTES PAUSE_US");
  ::alarm(300); // whatever happens
  auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  fanout f;
  f.readers.resize(number(1));
  uint16_t port = 0;
  auto listener = listen_on(port);
  std::printf("%u\n", port);
  std::fflush(stdout);
  for (std::size_t i = 0; i < f.readers.size(); ++i)
    f.join(listener, i);
  std::string line;
  std::getline(std::cin, line);
  auto pause = static_cast<unsigned>(number(4));
  f.events.reserve(number(2));
  for (std::size_t n = 0; n < number(2); ++n) {
    f.events.push_back(event(n + 1, number(3)));
    for (std::size_t at = 0; at < f.readers.size(); ++at)
      if (!f.readers[at].blocked)
        f.push(at);
    f.turn(0);
    if (pause > 0)
      ::usleep(pause);
  }
  while (!f.done())
    f.turn(1'000);
  std::getline(std::cin, line); // readers go first
}
