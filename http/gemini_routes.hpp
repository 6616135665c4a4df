#pragma once

#include "http/router.hpp"
#include "http/server.hpp"

namespace vigie {

/// The analysis again, and the quota board. `ports` must outlive the server.
void add_gemini_routes(router& r, const http_ports& ports);

} // namespace vigie
