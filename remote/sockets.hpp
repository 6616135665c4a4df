#pragma once

#include "domain/outcome.hpp"
#include "remote/unique_fd.hpp"

#include <sys/socket.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace vigie {

struct listener {
  unique_fd fd;
  uint16_t port = 0;
};

/// Listens, non-blocking, with a backlog of 1,024; port 0: any.
outcome<listener> listen_tcp(const std::string& host, uint16_t port);

/// Non-blocking; empty when nobody listens there or its queue is full.
unique_fd connect_unix(const std::filesystem::path& path);

/// No delay; a peer behind a pulled cable is noticed within 20 s.
void tune_peer(int fd);

/// Whom a connection counts against: an IPv4 address, or the /64 of an IPv6
/// one, for whoever has one such address has them all.
std::string address_of(const sockaddr_storage& from);

} // namespace vigie
