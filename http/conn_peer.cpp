#include "http/conn_stream.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace vigie {

void conn_stream::linger(std::chrono::milliseconds most) {
  ::shutdown(fd_, SHUT_WR);
  for (auto until = clock::now() + most;;) {
    auto rest = std::chrono::duration_cast<std::chrono::microseconds>(
        until - clock::now());
    if (rest.count() <= 0 || !wait(POLLIN, rest) || !receive())
      return;
  }
}

void conn_stream::interrupt() {
  interrupted_ = true;
  ::shutdown(fd_, SHUT_RD); // wakes a thread that waits for the client
}

const ip_address& conn_stream::peer() {
  if (peer_)
    return *peer_;
  sockaddr_storage who{};
  socklen_t n = sizeof who;
  peer_ = ip_address{};
  if (::getpeername(fd_, reinterpret_cast<sockaddr*>(&who), &n) != 0)
    return *peer_;
  if (who.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &who, sizeof in);
    (*peer_)[10] = (*peer_)[11] = 0xFF; // ::ffff:a.b.c.d
    std::memcpy(peer_->data() + 12, &in.sin_addr, 4);
  } else if (who.ss_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &who, sizeof in);
    std::memcpy(peer_->data(), &in.sin6_addr, 16);
  }
  return *peer_;
}

} // namespace vigie
