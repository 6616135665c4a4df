#include "http/session_routes.hpp"

#include "http/access.hpp"
#include "http/answers.hpp"
#include "http/json_parts.hpp"

#include <algorithm>
#include <string>

namespace vigie {

namespace {

using httplib::Request;
using httplib::Response;

void tell(Response& res, const caller& c) {
  wire::json body{{"required", c.required}, {"name", nullptr},
                  {"role", nullptr},        {"own_only", false},
                  {"session", false},       {"expires_at", nullptr}};
  if (c.who) {
    body["name"] = c.who->name;
    body["role"] = to_string(c.who->role);
    body["own_only"] = c.who->own_only;
    body["session"] = c.who->session;
    if (c.who->expires_at)
      body["expires_at"] = rfc3339(*c.who->expires_at);
  }
  res.set_header("Cache-Control", "no-store");
  answer_json(res, 200, body.dump());
}

void set_cookie(Response& res, const std::string& value, long seconds,
                bool https) {
  res.set_header("Set-Cookie", cookie_name(https) + '=' + value
                                   + "; Path=/; HttpOnly; SameSite=Strict"
                                   + (https ? "; Secure" : "")
                                   + "; Max-Age=" + std::to_string(seconds));
}

void sign_in(const Request& q, Response& res, access_book& book,
             std::chrono::seconds length) {
  auto c = access_guard::now();
  if (!c.who || c.who->session)
    return answer(q, res,
                  {code::unauthenticated,
                   "A token is needed: Authorization: Bearer TOKEN"});
  auto now = utc_now();
  auto until = now + length;
  if (c.who->expires_at)
    until = std::min(until, *c.who->expires_at);
  auto secret = book.open_session(*c.who, now, until);
  if (!secret)
    return answer(q, res, secret.why());
  auto left = std::chrono::duration_cast<std::chrono::seconds>(until - now);
  set_cookie(res, secret.value(), left.count(), c.https);
  c.who->session = true;
  c.who->expires_at = until;
  tell(res, c);
}

void sign_out(const Request& q, Response& res, access_book& book) {
  auto https = access_guard::now().https;
  if (auto cookie = session_of(q, https); !cookie.empty()) {
    auto gone = book.end_session(cookie);
    if (!gone)
      return answer(q, res, gone.why());
  }
  set_cookie(res, "", 0, https);
  res.status = 204;
}

} // namespace

void add_session_routes(router& r, const http_ports& p,
                        const access_rules& rules) {
  const std::string path = "/api/v1/session";
  r.get(path,
        [](const Request&, Response& res) { tell(res, access_guard::now()); });
  r.post(path, [&p, &rules](const Request& q, Response& res) {
    sign_in(q, res, p.access, rules.session);
  });
  r.del(path,
        [&p](const Request& q, Response& res) { sign_out(q, res, p.access); });
}

} // namespace vigie
