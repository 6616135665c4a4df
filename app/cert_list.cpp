#include "app/cert_list.hpp"

#include "remote/peer_register.hpp"
#include "remote/pki.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <vector>

namespace vigie {

namespace {

using nlohmann::json;

std::string cut(const std::string& text, std::size_t n) {
  return text.substr(0, n);
}

/// Our own two certificates, in the form of peers.
void add_own(std::vector<json>& rows, const std::filesystem::path& pki,
             const char* name, const char* role) {
  auto facts = read_certificate(pki / (std::string{name} + ".pem"));
  if (!facts)
    return;
  peer as_peer;
  as_peer.expires_at = facts.value().expires_at;
  rows.push_back({{"name", name},
                  {"role", role},
                  {"serial", facts.value().serial},
                  {"expires_at", rfc3339(as_peer.expires_at)},
                  {"revoked_at", nullptr},
                  {"state", state_of(as_peer, utc_now())}});
}

json row_of(const listed_peer& p) {
  json row{{"name", p.who.name},    {"role", nullptr},
           {"serial", nullptr},     {"expires_at", nullptr},
           {"revoked_at", nullptr}, {"state", p.state}};
  if (p.who.serial.empty())
    return row;
  row["role"] = role_name(p.who.role);
  row["serial"] = p.who.serial;
  row["expires_at"] = rfc3339(p.who.expires_at);
  if (p.who.revoked_at)
    row["revoked_at"] = rfc3339(*p.who.revoked_at);
  return row;
}

std::string table_of(const std::vector<json>& rows) {
  std::string text;
  auto line = [&](const std::string& name, const std::string& role,
                  const std::string& serial, const std::string& expires,
                  const std::string& state) {
    char row[256];
    std::snprintf(row, sizeof row, "%-20s %-6s %-12s %-20s %s\n", name.c_str(),
                  role.c_str(), serial.c_str(), expires.c_str(), state.c_str());
    text += row;
  };
  line("NAME", "ROLE", "SERIAL", "EXPIRES", "STATE");
  auto in = [](const json& row, const char* key) {
    return row[key].is_string() ? row[key].get<std::string>() : "-";
  };
  for (auto& row : rows) {
    auto expires = in(row, "expires_at");
    if (expires.size() > 19)
      expires.replace(19, std::string::npos, "Z"); // to the second
    line(in(row, "name"), in(row, "role"), cut(in(row, "serial"), 12), expires,
         in(row, "state"));
  }
  return text;
}

} // namespace

outcome<std::string> cert_list(const std::filesystem::path& pki, bool as_json) {
  auto peers = peer_register{pki}.list();
  if (!peers)
    return peers.why();
  std::vector<json> rows;
  add_own(rows, pki, "ca", "ca");
  add_own(rows, pki, "core", "server");
  for (auto& p : peers.value())
    rows.push_back(row_of(p));
  return as_json ? json(rows).dump(2) + "\n" : table_of(rows);
}

} // namespace vigie
