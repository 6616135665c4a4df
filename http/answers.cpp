#include "http/answers.hpp"

#include "http/json_codec.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <utility>

namespace vigie {

namespace {

/// IMF-fixdate (RFC 9110, 5.6.7). Clients with a wrong clock count by it.
std::string date_now() {
  constexpr const char* days[]{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* months[]{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto now = std::time(nullptr);
  std::tm t{};
  gmtime_r(&now, &t);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d GMT",
                days[t.tm_wday], t.tm_mday, months[t.tm_mon], 1900 + t.tm_year,
                t.tm_hour, t.tm_min, t.tm_sec);
  return text;
}

code code_of(int status) {
  switch (status) {
  case 401:
    return code::unauthenticated;
  case 403:
    return code::forbidden;
  case 404:
    return code::not_found;
  case 405:
    return code::method_not_allowed;
  case 411:
    return code::length_required;
  case 413:
    return code::batch_too_large;
  case 415:
    return code::unsupported_encoding;
  case 416:
    return code::range_not_satisfiable;
  default:
    return status >= 500 ? code::internal : code::bad_request;
  }
}

} // namespace

std::string safe(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'
        || static_cast<unsigned char>(c) > 0x7E)
      c = '_';
  return text;
}

void answer_json(httplib::Response& res, int status, std::string body) {
  res.status = status;
  res.set_content(std::move(body), "application/json");
}

void answer(const httplib::Request& q, httplib::Response& res,
            const problem& why) {
  res.status = row(why.id).http_status;
  if (res.status == 429 || res.status == 503)
    res.set_header("Retry-After", why.retry_after.count() > 0
                                      ? std::to_string(why.retry_after.count())
                                      : "5");
  if (res.status == 401)
    res.set_header("WWW-Authenticate", "Bearer realm=\"vigie\"");
  res.set_header("Vary", "Accept-Language");
  res.set_content(
      problem_body(why, prefers_french(q.get_header_value("Accept-Language")),
                   safe(q.path)),
      "application/problem+json");
}

void answer_status(const httplib::Request& q, httplib::Response& res,
                   int status) {
  auto id = code_of(status);
  answer(q, res, {id, std::string{row(id).title_en}});
  res.status = status;
}

bool names(const std::string& if_none_match, const std::string& etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string::npos;
}

bool not_modified(const httplib::Request& q, httplib::Response& res,
                  const std::string& etag) {
  res.set_header("ETag", etag);
  if (!names(q.get_header_value("If-None-Match"), etag))
    return false;
  res.status = 304;
  return true;
}

void dress(const httplib::Request& q, httplib::Response& res) {
  auto unless = [&](const char* name, const char* value) {
    if (!res.has_header(name))
      res.set_header(name, value);
  };
  // Nothing that the API says is a page; if a browser shows it, it does
  // nothing.
  unless("Content-Security-Policy",
         "default-src 'none'; frame-ancestors 'none'");
  unless("Referrer-Policy", "no-referrer");
  unless("X-Frame-Options", "DENY");
  unless("Cross-Origin-Opener-Policy", "same-origin");
  if (q.path.starts_with("/api/"))
    unless("Cache-Control", "no-store");
}

bool admit(const httplib::Request& q, httplib::Response& res,
           const std::vector<std::string>& origins) {
  res.set_header("Date", date_now());
  res.set_header("X-Content-Type-Options", "nosniff");
  res.set_header("Vary", "Origin");
  auto origin = q.get_header_value("Origin");
  auto known = std::find(origins.begin(), origins.end(), origin);
  if (known != origins.end()) {
    res.set_header("Access-Control-Allow-Origin", *known);
    res.set_header("Access-Control-Allow-Credentials", "true");
    res.set_header(
        "Access-Control-Expose-Headers",
        "Location, Content-Location, ETag, Link, Retry-After, Allow, "
        "Content-Disposition, Content-Range, Accept-Ranges, X-Request-Id");
  }
  if (q.method != "OPTIONS" || origin.empty())
    return true;
  if (known == origins.end()) {
    answer(q, res, {code::bad_request, "Disallowed CORS origin"});
    return false;
  }
  res.set_header("Access-Control-Allow-Methods",
                 "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  res.set_header("Access-Control-Max-Age", "600");
  if (q.has_header("Access-Control-Request-Headers"))
    res.set_header("Access-Control-Allow-Headers",
                   safe(q.get_header_value("Access-Control-Request-Headers")));
  res.status = 200;
  return false;
}

} // namespace vigie
