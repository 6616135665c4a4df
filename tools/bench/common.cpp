#include "tools/bench/common.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

namespace vigie::bench {

void give_up(const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", why.c_str(), std::strerror(errno));
  std::exit(1);
}

void print_times(std::vector<int64_t> each, int64_t wall, std::size_t failed) {
  if (each.empty())
    give_up("nothing was measured");
  std::sort(each.begin(), each.end());
  auto us = [&](double share) {
    return static_cast<double>(percentile(each, share)) / 1e3;
  };
  std::printf("{\"p50_us\": %.2f, \"p99_us\": %.2f, \"rate\": %.1f, "
              "\"seconds\": %.4f, \"count\": %zu, \"failed\": %zu}\n",
              us(0.5), us(0.99),
              static_cast<double>(each.size()) * 1e9
                  / static_cast<double>(wall),
              static_cast<double>(wall) / 1e9, each.size(), failed);
}

std::string some_text(std::size_t bytes, uint64_t seed) {
  std::mt19937_64 draw{seed};
  std::string out;
  out.reserve(bytes + 16);
  while (out.size() < bytes) {
    auto x = draw();
    for (int i = 0; i < 8; ++i, x >>= 8)
      out += static_cast<char>('a' + (x & 15));
    out += out.size() % 81 < 9 ? '\n' : ' ';
  }
  out.resize(bytes);
  return out;
}

namespace {

sockaddr_in loopback(uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return to;
}

void at_once(int fd) {
  int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

int connect_to(uint16_t port) {
  auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto to = loopback(port);
  if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
    give_up("connect");
  at_once(fd);
  return fd;
}

int listen_on(uint16_t& port) {
  auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto here = loopback(0);
  socklen_t size = sizeof here;
  auto* any = reinterpret_cast<sockaddr*>(&here);
  if (fd < 0 || ::bind(fd, any, size) != 0 || ::listen(fd, 4096) != 0
      || ::getsockname(fd, any, &size) != 0)
    give_up("listen");
  port = ntohs(here.sin_port);
  return fd;
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0)
      give_up("send");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

namespace {

void more(int fd, std::string& buffer) {
  char piece[65'536];
  auto n = ::recv(fd, piece, sizeof piece, 0);
  if (n <= 0)
    give_up("the server closed the connection");
  buffer.append(piece, static_cast<std::size_t>(n));
}

/// 0 when it names no length.
std::size_t length_in(std::string_view head) {
  constexpr std::string_view name = "content-length:";
  for (auto at = head.find('\n'); at != head.npos; at = head.find('\n', at)) {
    ++at;
    if (head.size() - at > name.size()
        && ::strncasecmp(head.data() + at, name.data(), name.size()) == 0)
      return std::strtoull(head.data() + at + name.size(), nullptr, 10);
  }
  return 0;
}

} // namespace

int read_answer(int fd, std::string& buffer, std::size_t* length) {
  auto end = buffer.find("\r\n\r\n");
  for (; end == buffer.npos; end = buffer.find("\r\n\r\n"))
    more(fd, buffer);
  auto body = length_in(std::string_view{buffer}.substr(0, end + 2));
  auto whole = end + 4 + body;
  while (buffer.size() < whole)
    more(fd, buffer);
  auto status = std::atoi(buffer.c_str() + 9); // "HTTP/1.1 200"
  buffer.erase(0, whole);
  if (length)
    *length = body;
  return status;
}

} // namespace vigie::bench
