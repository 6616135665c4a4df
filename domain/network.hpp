#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// An IPv6 address; IPv4 as ::ffff:a.b.c.d, so that there is one form of each.
using ip_address = std::array<uint8_t, 16>;

/// `192.0.2.1`, `2001:db8::1`, `[2001:db8::1]`; no names, no ports.
std::optional<ip_address> parse_ip(std::string_view text);
bool is_loopback(const ip_address& a);

/// A network, or one address.
struct network {
  ip_address base{};
  unsigned bits = 128;

  bool holds(const ip_address& a) const;
};

/// `10.0.0.0/8`, `::1`.
std::optional<network> parse_network(std::string_view text);

/// Where a request came from. The last hops of X-Forwarded-For are believed
/// for as long as each was said by a proxy of ours; what a client wrote in
/// front of them is not.
ip_address client_behind(const ip_address& peer, std::string_view forwarded,
                         const std::vector<network>& proxies);

/// True when a name or an address can be reached from this machine only.
bool is_loopback_host(const std::string& host);

/// What one client is counted by: an IPv6 subscriber has a /64 of addresses.
std::string counting_key(const ip_address& a);

} // namespace vigie
