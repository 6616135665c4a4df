#include "domain/access.hpp"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

constexpr std::array<std::string_view, 3> roles{"reader", "auditor", "admin"};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9');
}

} // namespace

std::string_view to_string(access_role r) {
  return roles[static_cast<std::size_t>(r)];
}

std::optional<access_role> parse_access_role(std::string_view text) {
  auto found = std::find(roles.begin(), roles.end(), text);
  if (found == roles.end())
    return std::nullopt;
  return static_cast<access_role>(found - roles.begin());
}

need need_of(std::string_view method, std::string_view path) {
  auto reads = method == "GET" || method == "HEAD";
  if (path == "/api/v1/health")
    return need::nothing;
  if (path == "/api/v1/session")
    return need::read;            // whoever has come in
  if (!path.starts_with("/api/")) // figures name models and nodes
    return path == "/metrics" ? need::read : need::nothing;
  if (reads)
    return need::read;
  return method == "POST" ? need::act : need::manage;
}

bool may(access_role r, need n) {
  switch (n) {
  case need::nothing:
  case need::read:
    return true;
  case need::act:
    return r != access_role::reader;
  case need::manage:
    return r == access_role::admin;
  }
  return false;
}

bool valid_token_name(std::string_view name) {
  constexpr std::size_t longest = 64;
  return !name.empty() && name.size() <= longest && is_word(name.front())
         && std::all_of(name.begin(), name.end(), [](char c) {
              return is_word(c) || c == '.' || c == '_' || c == '-';
            });
}

std::string_view state_of(const token_facts& t, utc_time now) {
  if (t.revoked_at)
    return "revoked";
  return t.expires_at && *t.expires_at <= now ? "expired" : "valid";
}

} // namespace vigie
