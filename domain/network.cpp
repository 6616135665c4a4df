#include "domain/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace vigie {

namespace {

constexpr ip_address v4_base{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned v4_bits = 96; ///< Where an IPv4 address begins.

bool is_v4(const ip_address& a) {
  return std::equal(a.begin(), a.begin() + v4_bits / 8, v4_base.begin());
}

bool is_ours(const ip_address& a, const std::vector<network>& proxies) {
  return std::any_of(proxies.begin(), proxies.end(),
                     [&](auto& n) { return n.holds(a); });
}

std::string_view trim(std::string_view s) {
  auto from = s.find_first_not_of(" \t");
  if (from == s.npos)
    return {};
  return s.substr(from, s.find_last_not_of(" \t") - from + 1);
}

} // namespace

std::optional<ip_address> parse_ip(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']'))
    text = text.substr(1, text.size() - 2);
  std::string copy{text};
  auto out = v4_base;
  if (::inet_pton(AF_INET, copy.c_str(), out.data() + v4_bits / 8) == 1
      || ::inet_pton(AF_INET6, copy.c_str(), out.data()) == 1)
    return copy.find('\0') == copy.npos ? std::optional{out} : std::nullopt;
  return std::nullopt;
}

bool is_loopback(const ip_address& a) {
  constexpr ip_address one{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return is_v4(a) ? a[v4_bits / 8] == 127 : a == one;
}

bool network::holds(const ip_address& a) const {
  for (unsigned i = 0; i < bits; ++i) {
    auto mask = static_cast<uint8_t>(0x80u >> (i % 8));
    if ((a[i / 8] & mask) != (base[i / 8] & mask))
      return false;
  }
  return true;
}

std::optional<network> parse_network(std::string_view text) {
  auto slash = text.find('/');
  auto base = parse_ip(text.substr(0, slash));
  if (!base)
    return std::nullopt;
  if (slash == text.npos)
    return network{*base, 128};
  auto v4 = text.substr(0, slash).find(':') == text.npos;
  unsigned bits = 0;
  auto end = text.data() + text.size();
  auto [stop, bad] = std::from_chars(text.data() + slash + 1, end, bits);
  if (bad != std::errc{} || stop != end || bits > (v4 ? 32u : 128u))
    return std::nullopt;
  return network{*base, bits + (v4 ? v4_bits : 0)};
}

ip_address client_behind(const ip_address& peer, std::string_view forwarded,
                         const std::vector<network>& proxies) {
  auto client = peer;
  while (is_ours(client, proxies) && !forwarded.empty()) {
    auto comma = forwarded.rfind(',');
    auto last = comma == forwarded.npos ? 0 : comma + 1;
    auto hop = parse_ip(trim(forwarded.substr(last)));
    if (!hop)
      break; // nobody can tell who that was: the proxy is who we know
    client = *hop;
    forwarded = comma == forwarded.npos ? "" : forwarded.substr(0, comma);
  }
  return client;
}

bool is_loopback_host(const std::string& host) {
  if (host == "localhost")
    return true;
  auto a = parse_ip(host);
  return a && is_loopback(*a);
}

std::string counting_key(const ip_address& a) {
  std::size_t n = is_v4(a) ? a.size() : a.size() / 2;
  return {reinterpret_cast<const char*>(a.data()), n};
}

} // namespace vigie
