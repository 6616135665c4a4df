#include "http/conn_stream.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;

constexpr int patience_ms = 5'000;
constexpr std::size_t gather = 64 * 1024;

void name_of(int fd, int (*ask)(int, sockaddr*, socklen_t*), std::string& ip,
             int& port) {
  sockaddr_storage sa{};
  socklen_t n = sizeof sa;
  if (ask(fd, reinterpret_cast<sockaddr*>(&sa), &n) != 0)
    return;
  char text[INET6_ADDRSTRLEN] = "";
  if (sa.ss_family == AF_INET) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(sa);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    port = ntohs(v4.sin_port);
  } else if (sa.ss_family == AF_INET6) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(sa);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    port = ntohs(v6.sin6_port);
  }
  ip = text;
}

} // namespace

conn_stream::~conn_stream() {
  if (fd_ >= 0) {
    ::shutdown(fd_, SHUT_RDWR);
    ::close(fd_);
  }
}

void conn_stream::begin_head(std::size_t limit, std::chrono::seconds within) {
  left_ = limit;
  deadline_ = clock::now() + within;
}

void conn_stream::begin_body(std::size_t limit) {
  left_ = limit;
  deadline_ = {};
}

int conn_stream::release() { return std::exchange(fd_, -1); }

bool conn_stream::wait(short events, int ms) const {
  pollfd p{fd_, events, 0};
  int n = 0;
  do
    n = ::poll(&p, 1, ms);
  while (n < 0 && errno == EINTR);
  return n > 0;
}

bool conn_stream::is_readable() const {
  return buffered() || wait(POLLIN, patience_ms);
}

bool conn_stream::is_writable() const { return wait(POLLOUT, patience_ms); }

bool conn_stream::flush() {
  std::size_t sent = 0;
  while (sent < out_.size()) {
    if (!wait(POLLOUT, patience_ms))
      return false;
    auto n = ::send(fd_, out_.data() + sent, out_.size() - sent,
                    MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
      return false;
    sent += n > 0 ? static_cast<std::size_t>(n) : 0;
  }
  out_.clear();
  return true;
}

bool conn_stream::refill() {
  auto ms = patience_ms;
  if (deadline_ != clock::time_point{}) {
    using std::chrono::milliseconds;
    auto rest =
        std::chrono::duration_cast<milliseconds>(deadline_ - clock::now())
            .count();
    if (rest <= 0)
      return false;
    ms = static_cast<int>(rest);
  }
  if (!out_.empty() && !flush()) // "100 Continue" must leave before we wait
    return false;
  if (!wait(POLLIN, ms))
    return false;
  auto n = ::recv(fd_, in_, sizeof in_, 0);
  at_ = 0;
  end_ = n > 0 ? static_cast<std::size_t>(n) : 0;
  return n > 0;
}

ssize_t conn_stream::read(char* to, std::size_t n) {
  n = std::min(n, left_);
  if (n == 0 || (!buffered() && !refill()))
    return -1;
  auto k = std::min(n, end_ - at_);
  std::memcpy(to, in_ + at_, k);
  at_ += k;
  left_ -= left_ == SIZE_MAX ? 0 : k;
  return static_cast<ssize_t>(k);
}

ssize_t conn_stream::write(const char* from, std::size_t n) {
  out_.append(from, n);
  if (out_.size() > gather && !flush())
    return -1;
  return static_cast<ssize_t>(n);
}

void conn_stream::get_remote_ip_and_port(std::string& ip, int& port) const {
  name_of(fd_, ::getpeername, ip, port);
}

void conn_stream::get_local_ip_and_port(std::string& ip, int& port) const {
  name_of(fd_, ::getsockname, ip, port);
}

} // namespace vigie
