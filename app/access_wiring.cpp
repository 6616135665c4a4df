#include "app/access_wiring.hpp"

#include "storage/token_register.hpp"

#include <algorithm>

namespace vigie {

access_rules access_from(const settings& cfg) {
  auto& a = cfg.access;
  access_rules r;
  r.mode = a.required;
  r.session = a.session;
  r.per_token = {a.token_rate, a.token_burst};
  r.per_address = {a.address_rate, a.address_burst};
  r.failures = {a.failures_per_minute / 60, a.failures_per_minute};
  for (auto& text : cfg.http.trusted_proxies)
    if (auto n = parse_network(text)) // the settings let no other in
      r.proxies.push_back(*n);
  return r;
}

std::optional<problem> too_open(const settings& cfg, bool usable_token) {
  if (is_loopback_host(cfg.http.host) || usable_token
      || cfg.access.required == access_mode::never)
    return std::nullopt;
  return problem{code::bad_request,
                 "http.listen: " + cfg.http.host
                     + " can be reached from other machines, and there is no "
                       "token: make one with `vigied token add NAME --role "
                       "admin`, or listen on 127.0.0.1, or let everybody in "
                       "with access.required = false"};
}

bool usable_token(const settings& cfg) {
  std::error_code failed;
  if (!std::filesystem::exists(cfg.storage.database, failed))
    return false;
  auto all = token_register{cfg.storage.database}.list();
  auto now = utc_now();
  return all
         && std::any_of(all.value().begin(), all.value().end(),
                        [&](auto& t) { return state_of(t, now) == "valid"; });
}

} // namespace vigie
