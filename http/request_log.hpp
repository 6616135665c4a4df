#pragma once

#include "domain/telemetry.hpp"

#include <httplib.h>

#include <string>

namespace vigie {

/// Gives the answer `X-Request-Id`, the client's when it is sane, else a new
/// one, and, when the request is part of a trace, `traceparent` with a span of
/// ours.
void name_request(const httplib::Request& q, httplib::Response& res);

/// What is counted and logged of an answer. No query, no path: a batch only
/// when it was found.
served_request served(const httplib::Request& q, const httplib::Response& res,
                      std::string route, seconds_f took);

} // namespace vigie
