#include "http/access.hpp"

#include "http/answers.hpp"
#include "http/front_server.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

using httplib::Request;
using httplib::Response;

thread_local caller current;

constexpr std::string_view bearer = "Bearer ";
constexpr std::string_view api = "/api/v1/ingestion/";

bool is_bearer(const std::string& header) { // the scheme has any case
  return header.size() > bearer.size()
         && std::equal(bearer.begin(), bearer.end(), header.begin(),
                       [](char a, char b) {
                         return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b)
                                || (a >= 'a' && a <= 'z' && a - 32 == b);
                       });
}

/// Every line of a list header, in order.
std::string all_of(const Request& q, const char* name) {
  std::string out;
  for (std::size_t i = 0; i < q.get_header_value_count(name); ++i)
    out += (out.empty() ? "" : ",") + q.get_header_value(name, i);
  return out;
}

} // namespace

access_guard::access_guard(access_rules rules, access_book& book,
                           const std::vector<std::string>& origins)
    : rules_(std::move(rules)), book_(book), origins_(origins),
      by_token_(rules_.per_token), by_address_(rules_.per_address),
      failures_(rules_.failures) {
  // nop
}

const caller& access_guard::now() { return current; }

bool access_guard::admit(const Request& q, Response& res) {
  current = {};
  auto why = judge(q, current);
  if (why)
    answer(q, res, *why);
  return !why;
}

std::optional<problem> access_guard::judge(const Request& q, caller& c) {
  auto what = need_of(q.method, q.path);
  if (what == need::nothing || q.method == "OPTIONS")
    return std::nullopt;
  auto peer = front_server::peer();
  c.from = client_behind(peer, all_of(q, "X-Forwarded-For"), rules_.proxies);
  auto ours = std::any_of(rules_.proxies.begin(), rules_.proxies.end(),
                          [&](auto& n) { return n.holds(peer); });
  c.https = ours && q.get_header_value("X-Forwarded-Proto") == "https";
  auto any = rules_.mode == access_mode::automatic ? book_.any_token()
                                                   : outcome<bool>{false};
  if (!any)
    return any.why();
  c.open = rules_.mode == access_mode::never;
  c.required = rules_.mode == access_mode::always || any.value();
  if (c.required || !is_loopback(c.from))
    if (auto many = count(by_address_, counting_key(c.from), "address"))
      return many;
  if (auto nobody = identify(q, c))
    return nobody;
  if (!c.who)
    return from_elsewhere(q, c, ours);
  if (auto many = count(by_token_, c.who->name, "token"))
    return many;
  if (c.who->session && changes_something(q.method) && foreign(q, c))
    return problem{code::forbidden, "A session is of use to the page of this "
                                    "server only; send a token instead"};
  if (!may(c.who->role, what))
    return problem{code::forbidden, "The role "
                                        + std::string{to_string(c.who->role)}
                                        + " may not do that"};
  return hidden(q, c);
}

std::optional<problem> access_guard::identify(const Request& q, caller& c) {
  auto now = utc_now();
  auto header = q.get_header_value("Authorization");
  auto by_token = is_bearer(header);
  access_book::found found = std::optional<visitor>{};
  if (by_token)
    found = book_.by_token(header.substr(bearer.size()), now);
  else if (auto cookie = session_of(q, c.https); !cookie.empty())
    found = book_.by_session(cookie, now);
  if (!found)
    return found.why();
  c.who = std::move(found).value();
  if (c.who)
    return std::nullopt;
  if (by_token) // also where none is asked for: who sends one relies on it
    return wrong_token(c);
  if (!c.required)
    return std::nullopt;
  return problem{
      code::unauthenticated,
      "A token is needed: Authorization: Bearer TOKEN, or a session"};
}

/// A right token is never held up by the wrong ones of its neighbours.
std::optional<problem> access_guard::wrong_token(const caller& c) {
  if (auto many = count(failures_, counting_key(c.from), "failure"))
    return many;
  return problem{code::unauthenticated,
                 "The token is unknown, revoked or has expired"};
}

std::optional<problem>
access_guard::count(rate_limit& by, const std::string& key, const char* whose) {
  std::lock_guard guard{mutex_};
  auto wait = by.take(key, std::chrono::steady_clock::now());
  if (wait.count() == 0)
    return std::nullopt;
  auto what = std::string{whose} == "failure"
                  ? std::string{"Too many wrong tokens from this address"}
                  : "Too many requests of this " + std::string{whose};
  return problem{code::rate_limited,
                 what + "; try again in " + std::to_string(wait.count()) + " s",
                 wait};
}

/// A cookie goes with every request a browser makes, whoever wrote the page.
/// Browsers say where a request comes from, and pages cannot forge it.
bool access_guard::foreign(const Request& q, const caller& c) const {
  if (q.get_header_value("Sec-Fetch-Site") == "same-origin")
    return false;
  auto origin = q.get_header_value("Origin");
  if (origin.empty())
    return true;
  auto own = (c.https ? "https://" : "http://") + q.get_header_value("Host");
  return origin != own
         && std::find(origins_.begin(), origins_.end(), origin)
                == origins_.end();
}

/// What may not be seen is not there: in the words that its route has for a
/// batch that nobody has sent.
std::optional<problem> access_guard::hidden(const Request& q, const caller& c) {
  auto only = c.only_of();
  std::string_view path{q.path};
  if (!only || !path.starts_with(api))
    return std::nullopt;
  path.remove_prefix(api.size());
  auto report = path.starts_with("reports/");
  if (!report && !path.starts_with("batches/"))
    return std::nullopt;
  path.remove_prefix(report ? sizeof "reports" : sizeof "batches");
  auto end = std::min(path.find('/'), path.size());
  auto owner = book_.owner_of(std::string{path.substr(0, end)});
  if (!owner)
    return owner.why();
  if (owner.value() == only)
    return std::nullopt;
  if (report)
    return problem{code::no_such_report, "Report not found"};
  if (path.substr(end).starts_with("/files/"))
    return problem{code::no_such_file, "File not found"};
  return problem{code::no_such_batch, "Batch not found"};
}

std::string cookie_name(bool https) { return https ? "__Host-vigie" : "vigie"; }

std::string session_of(const Request& q, bool https) {
  auto cookies = ';' + q.get_header_value("Cookie");
  std::erase(cookies, ' ');
  auto wanted = ';' + cookie_name(https) + '=';
  auto at = cookies.find(wanted);
  if (at == cookies.npos)
    return {};
  auto value = cookies.substr(at + wanted.size());
  return value.substr(0, value.find(';'));
}

} // namespace vigie
