#include "remote/peer.hpp"

#include "remote/digest.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace vigie {

namespace {

using nlohmann::json;

utc_time time_in(const json& j, const char* key) {
  auto t = parse_time(j.at(key).get<std::string>());
  if (!t)
    throw std::invalid_argument{key};
  return *t;
}

bool hex_digits(const std::string& text) {
  return !text.empty()
         && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

} // namespace

std::string_view role_name(peer_role role) {
  return role == peer_role::admin ? "admin" : "node";
}

std::optional<peer_role> role_from(std::string_view name) {
  for (auto role : {peer_role::node, peer_role::admin})
    if (role_name(role) == name)
      return role;
  return std::nullopt;
}

bool good_peer_name(std::string_view name) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= 63 && name[0] != '-'
         && std::all_of(name.begin(), name.end(), fits);
}

std::string to_json(const peer& p) {
  json j{{"name", p.name},
         {"role", role_name(p.role)},
         {"serial", p.serial},
         {"created_at", rfc3339(p.created_at)},
         {"expires_at", rfc3339(p.expires_at)},
         {"token_sha256", p.token_sha256},
         {"revoked_at", nullptr}};
  if (p.revoked_at)
    j["revoked_at"] = rfc3339(*p.revoked_at);
  return j.dump(2) + "\n";
}

std::optional<peer> peer_from_json(const std::string& text) {
  try {
    auto j = json::parse(text);
    peer p;
    p.name = j.at("name").get<std::string>();
    auto role = role_from(j.at("role").get<std::string>());
    p.serial = j.at("serial").get<std::string>();
    p.created_at = time_in(j, "created_at");
    p.expires_at = time_in(j, "expires_at");
    p.token_sha256 = j.at("token_sha256").get<std::string>();
    if (!j.at("revoked_at").is_null())
      p.revoked_at = time_in(j, "revoked_at");
    if (!role || !good_peer_name(p.name) || !hex_digits(p.serial)
        || !hex_digits(p.token_sha256) || p.token_sha256.size() != 64)
      return std::nullopt;
    p.role = *role;
    return p;
  } catch (const std::exception&) { // json's, or ours
    return std::nullopt;
  }
}

std::string state_of(const peer& p, utc_time now) {
  using namespace std::chrono;
  if (p.revoked_at)
    return "revoked";
  if (p.expires_at <= now)
    return "expired";
  auto left = floor<days>(p.expires_at - now);
  if (left >= days{30})
    return "valid";
  return "expires in " + std::to_string(left.count())
         + (left == days{1} ? " day" : " days");
}

std::optional<problem> obstacle(const peer& p, utc_time now) {
  auto at = [](utc_time t) {
    return rfc3339(std::chrono::floor<std::chrono::seconds>(t)).substr(0, 19)
           + "Z";
  };
  if (p.revoked_at)
    return problem{code::bad_request,
                   p.name + ": revoked since " + at(*p.revoked_at)};
  if (p.expires_at <= now)
    return problem{code::bad_request,
                   p.name + ": expired at " + at(p.expires_at)};
  return std::nullopt;
}

std::string sha256_hex_of(std::string_view bytes) {
  auto d = begin_digest();
  EVP_DigestUpdate(d.get(), bytes.data(), bytes.size());
  return end_digest(d.get());
}

} // namespace vigie
