#include "remote/sockets.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace vigie {

namespace {

constexpr int backlog = 1'024;

struct addresses {
  addrinfo* first = nullptr;
  ~addresses() {
    if (first != nullptr)
      ::freeaddrinfo(first);
  }
};

void set(int fd, int level, int option, int value) {
  ::setsockopt(fd, level, option, &value, sizeof value);
}

unique_fd listen_on(const addrinfo& a) {
  unique_fd fd{
      ::socket(a.ai_family, a.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd)
    return fd;
  set(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (::bind(fd.get(), a.ai_addr, a.ai_addrlen) != 0
      || ::listen(fd.get(), backlog) != 0)
    return {};
  return fd;
}

uint16_t port_of(int fd) {
  sockaddr_storage at{};
  socklen_t n = sizeof at;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &n);
  // The port is at the same place in both families.
  return ntohs(reinterpret_cast<sockaddr_in*>(&at)->sin_port);
}

} // namespace

outcome<listener> listen_tcp(const std::string& host, uint16_t port) {
  addrinfo wish{};
  wish.ai_socktype = SOCK_STREAM;
  wish.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addresses found;
  auto where = host + ":" + std::to_string(port);
  auto bad = ::getaddrinfo(host.empty() ? nullptr : host.c_str(),
                           std::to_string(port).c_str(), &wish, &found.first);
  if (bad != 0)
    return problem{code::bad_request, "workers.remote_listen: " + where + ": "
                                          + ::gai_strerror(bad)};
  for (auto* a = found.first; a != nullptr; a = a->ai_next)
    if (auto fd = listen_on(*a)) {
      auto chosen = port_of(fd.get());
      return listener{std::move(fd), chosen};
    }
  return problem{code::bad_request, "workers.remote_listen: cannot listen on "
                                        + where + ": " + std::strerror(errno)};
}

unique_fd connect_unix(const std::filesystem::path& path) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof to.sun_path)
    return {};
  std::memcpy(to.sun_path, path.c_str(), path.native().size());
  unique_fd fd{
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd
      || ::connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
    return {};
  return fd;
}

void tune_peer(int fd) {
  set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 10);
  set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set(fd, IPPROTO_TCP, TCP_KEEPCNT, 2);
  set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 20'000);
}

std::string address_of(const sockaddr_storage& from) {
  char text[INET6_ADDRSTRLEN] = "";
  if (from.ss_family == AF_INET) {
    auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    return text;
  }
  auto v6 = reinterpret_cast<const sockaddr_in6&>(from).sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    ::inet_ntop(AF_INET, v6.s6_addr + 12, text, sizeof text);
    return text;
  }
  if (IN6_IS_ADDR_LOOPBACK(&v6))
    return "::1";
  std::memset(v6.s6_addr + 8, 0, 8);
  ::inet_ntop(AF_INET6, &v6, text, sizeof text);
  return std::string{text} + "/64";
}

} // namespace vigie
