#pragma once

#include "domain/ports.hpp"

#include <httplib.h>

#include <string>
#include <vector>

namespace vigie {

/// application/problem+json (RFC 9457); Retry-After where waiting helps.
void answer(const httplib::Request& q, httplib::Response& res,
            const problem& why);

/// The status of a refusal that comes before any route, as a problem.
void answer_status(const httplib::Request& q, httplib::Response& res,
                   int status);

void answer_json(httplib::Response& res, int status, std::string body);

/// A file with ETag, conditional and Range requests (RFC 9110), from disk.
void answer_file(const httplib::Request& q, httplib::Response& res,
                 const stored_file& file, bool attachment);

/// True when If-None-Match names `etag`: the answer is 304 then.
bool not_modified(const httplib::Request& q, httplib::Response& res,
                  const std::string& etag);

/// CORS and security headers of CONTRACT.md; false: answered (preflight).
bool admit(const httplib::Request& q, httplib::Response& res,
           const std::vector<std::string>& origins);

} // namespace vigie
