// bench-listen: subscribers of an SSE stream. Says "joined" when all are in,
// then waits for EVENTS events at each, and prints rate and delays.
// An event's birth is its "t":NANOSECONDS, or, with DATABASE, the moment when
// a reader of that database first saw its row (watch.hpp).
// Usage: bench-listen PORT PATH COUNT EVENTS SECONDS [DATABASE]

#include "tools/bench/common.hpp"
#include "tools/bench/watch.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace vigie::bench;

struct reader {
  int fd = -1;
  bool greeted = false;
  uint32_t events = 0;
  std::string rest; ///< Of a frame that has not come whole.
};

struct listener {
  int loop = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<reader> readers;
  std::vector<int64_t> births, keys; ///< By event; key: its SSE id.
  std::vector<std::vector<int64_t>> arrivals;
  uint64_t got = 0, bytes = 0;
  std::size_t greeted = 0, wanted = 0;
  int64_t last = 0;

  void frame(reader& r, std::string_view text, int64_t now) {
    if (text.find("data: ") == text.npos || text.starts_with("event: ")
        || r.events >= wanted)
      return; // greetings and keepalives
    auto k = r.events++;
    if (births[k] == 0) {
      auto t = text.find("\"t\":");
      births[k] = t == text.npos ? -1 : std::atoll(text.data() + t + 4);
      auto id = text.find("id: ");
      keys[k] = id == text.npos ? 0 : std::atoll(text.data() + id + 4);
    }
    arrivals[k].push_back(now);
    bytes += text.size() + 2;
    last = now;
    ++got;
  }

  void greet(reader& r, std::string_view& text) {
    auto end = text.find("\r\n\r\n");
    if (end == text.npos)
      return;
    if (!text.starts_with("HTTP/1.1 200"))
      give_up(std::string{text.substr(0, 60)});
    text.remove_prefix(end + 4);
    r.greeted = true;
    ++greeted;
  }

  void take(reader& r) {
    char piece[65'536];
    auto n = ::recv(r.fd, piece, sizeof piece, 0);
    if (n <= 0)
      give_up("a stream was cut");
    auto now = now_ns();
    std::string_view text{piece, static_cast<std::size_t>(n)};
    std::string joint;
    if (!r.rest.empty()) {
      joint = std::move(r.rest.append(text));
      text = joint;
    }
    if (!r.greeted)
      greet(r, text);
    if (r.greeted)
      for (auto end = text.find("\n\n"); end != text.npos;
           end = text.find("\n\n")) {
        frame(r, text.substr(0, end), now);
        text.remove_prefix(end + 2);
      }
    r.rest.assign(text);
  }

  /// false: silence for a second.
  bool turn() {
    epoll_event ready[512];
    auto n = ::epoll_wait(loop, ready, 512, 1'000);
    for (int i = 0; i < n; ++i)
      take(readers[ready[i].data.u64]);
    return n > 0;
  }

  void join(uint16_t port, const std::string& path, std::size_t count) {
    auto request = "GET " + path
                   + " HTTP/1.1\r\nHost: vigie\r\nAccept: "
                     "text/event-stream\r\n\r\n";
    readers.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      readers[i].fd = connect_to(port);
      send_all(readers[i].fd, request);
      epoll_event e{};
      e.events = EPOLLIN;
      e.data.u64 = i;
      ::epoll_ctl(loop, EPOLL_CTL_ADD, readers[i].fd, &e);
      while (greeted + 64 < i)
        turn();
    }
    while (greeted < count)
      turn();
  }
};

void report(listener& in, watch* births) {
  std::vector<int64_t> delays, spreads; // spread: of one event's arrivals
  auto first = INT64_MAX;
  for (std::size_t k = 0; k < in.wanted; ++k) {
    auto birth = births ? births->seen(in.keys[k]) : in.births[k];
    if (birth <= 0)
      continue;
    first = std::min(first, birth);
    for (auto t : in.arrivals[k])
      delays.push_back(std::max<int64_t>(0, t - birth));
  }
  if (delays.empty())
    give_up("no event came");
  std::sort(delays.begin(), delays.end());
  auto wall = static_cast<double>(in.last - first) / 1e9;
  auto ms = [&](double share) {
    return static_cast<double>(percentile(delays, share)) / 1e6;
  };
  std::printf("{\"got\": %lu, \"seconds\": %.4f, \"rate\": %.0f, "
              "\"bytes_each\": %.0f, \"p50_ms\": %.3f, \"p99_ms\": %.3f}\n",
              in.got, wall, static_cast<double>(in.got) / wall,
              static_cast<double>(in.bytes) / static_cast<double>(in.got),
              ms(0.5), ms(0.99));
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 6)
    give_up("usage: bench-listen PORT PATH COUNT EVENTS SECONDS [DATABASE]");
  auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  ::alarm(static_cast<unsigned>(number(5)) + 120);
  listener in;
  in.wanted = number(4);
  in.births.resize(in.wanted);
  in.keys.resize(in.wanted);
  in.arrivals.resize(in.wanted);
  in.join(static_cast<uint16_t>(number(1)), argv[2], number(3));
  auto births = argc > 6 ? std::make_unique<watch>(argv[6]) : nullptr;
  std::puts("joined");
  std::fflush(stdout);
  auto all = in.wanted * in.readers.size();
  auto end = now_ns() + static_cast<int64_t>(number(5)) * 1'000'000'000;
  while (in.got < all && now_ns() < end)
    in.turn();
  if (births)
    births->stop();
  report(in, births.get());
}
