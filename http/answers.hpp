#pragma once

#include "domain/outcome.hpp"

#include <httplib.h>

#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// application/problem+json (RFC 9457); Retry-After where waiting helps.
void answer(const httplib::Request& q, httplib::Response& res,
            const problem& why);

/// The status of a refusal that comes before any route, as a problem.
void answer_status(const httplib::Request& q, httplib::Response& res,
                   int status);

/// True when the `Accept-Language` gives French more weight than English and
/// than any (RFC 9110, 12.5.4).
bool prefers_french(std::string_view accept_language);

void answer_json(httplib::Response& res, int status, std::string body);

/// True when the list of `If-None-Match` holds `etag` (with its quotes).
bool names(const std::string& if_none_match, const std::string& etag);

/// True when If-None-Match names `etag`: the answer is 304 then.
bool not_modified(const httplib::Request& q, httplib::Response& res,
                  const std::string& etag);

/// Only letters that cannot end a header line or a quoted string; others
/// become `_`.
std::string safe(std::string text);

/// Security headers that the route has not set itself.
void dress(const httplib::Request& q, httplib::Response& res);

/// CORS of CONTRACT.md and what every answer carries; false: answered
/// (preflight).
bool admit(const httplib::Request& q, httplib::Response& res,
           const std::vector<std::string>& origins);

} // namespace vigie
