#pragma once

#include "http/front_server.hpp"
#include "http/server.hpp"

namespace vigie {

/// Every route of CONTRACT.md that this version serves. `options` and `ports`
/// must outlive the server.
void add_routes(front_server& server, const http_options& options,
                const http_ports& ports);

} // namespace vigie
