#include "app/token_list.hpp"

#include "storage/token_register.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace vigie {

namespace {

using nlohmann::json;

json when(const std::optional<utc_time>& t) {
  return t ? json(rfc3339(*t)) : json(nullptr);
}

std::string day(const std::optional<utc_time>& t) {
  return t ? rfc3339(*t).substr(0, 10) : "-";
}

} // namespace

outcome<std::string> token_list(const std::filesystem::path& database,
                                bool as_json) {
  auto all = token_register{database}.list();
  if (!all)
    return all.why();
  auto now = utc_now();
  auto rows = json::array();
  std::string table;
  auto line = [&](auto... cells) {
    char row[256];
    std::snprintf(row, sizeof row, "%-24s %-8s %-5s %-10s %-10s %s\n",
                  std::string{cells}.c_str()...);
    table += row;
  };
  line("NAME", "ROLE", "SEES", "CREATED", "EXPIRES", "STATE");
  for (auto& t : all.value()) {
    rows.push_back({{"name", t.name},
                    {"role", to_string(t.role)},
                    {"own_only", t.own_only},
                    {"created_at", rfc3339(t.created_at)},
                    {"expires_at", when(t.expires_at)},
                    {"revoked_at", when(t.revoked_at)},
                    {"state", state_of(t, now)}});
    line(t.name, to_string(t.role), t.own_only ? "own" : "all",
         day(t.created_at), day(t.expires_at), state_of(t, now));
  }
  return as_json ? rows.dump(2) + "\n" : table;
}

} // namespace vigie
