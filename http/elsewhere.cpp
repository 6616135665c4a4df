// What pages of other sites may not do with a browser that reaches us.

#include "http/access.hpp"

#include <algorithm>
#include <string>

namespace vigie {

namespace {

using httplib::Request;

/// An address, a name without a dot, or one that never leaves this machine.
bool is_local_name(std::string host) {
  if (host.empty() || host.front() == '[')
    return true;
  host = host.substr(0, host.find(':'));
  return host.find('.') == host.npos || host.ends_with(".localhost")
         || host.find_first_not_of("0123456789.") == host.npos;
}

/// Of an origin: without its scheme.
std::string authority(const std::string& origin) {
  auto at = origin.find("//");
  return at == origin.npos ? origin : origin.substr(at + 2);
}

} // namespace

bool changes_something(const std::string& method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

/// Nobody has to say who he is: then a page of another site must not do what
/// the browser's owner may, be it by a request across sites, be it by a name of
/// its own for our address (DNS rebinding; such a name has a dot in it).
std::optional<problem> access_guard::from_elsewhere(const Request& q,
                                                    const caller& c,
                                                    bool by_proxy) const {
  auto host = q.get_header_value("Host");
  auto origin = q.get_header_value("Origin");
  auto any = [&](auto which) {
    return std::any_of(origins_.begin(), origins_.end(), which);
  };
  auto named = any([&](auto& x) { return authority(x) == host; });
  if (!c.open && !by_proxy && !named && !is_local_name(host))
    return problem{code::forbidden,
                   "Without tokens this server is known as localhost or by "
                   "its address only; see http.cors_origins for other names"};
  if (!changes_something(q.method) || any([&](auto& x) { return x == origin; }))
    return std::nullopt;
  auto site = q.get_header_value("Sec-Fetch-Site");
  auto across = !site.empty() && site != "same-origin" && site != "none";
  if (origin.empty() ? across : authority(origin) != host)
    return problem{code::forbidden, "A page of another site may not do that; "
                                    "see http.cors_origins"};
  return std::nullopt;
}

} // namespace vigie
