#pragma once

#include "http/server.hpp"

#include <httplib.h>

namespace vigie {

/// POST /ingestion/batches: parts go to disk as they come (constant memory);
/// the answer is 202 once files, rows and the first event are durable. On any
/// refusal nothing remains.
void receive_batch(const httplib::Request& q, httplib::Response& res,
                   const httplib::ContentReader& body,
                   const http_options& limits, const http_ports& ports);

} // namespace vigie
