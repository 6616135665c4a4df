#pragma once

#include "http/router.hpp"
#include "http/server.hpp"

namespace vigie {

/// Every route of CONTRACT.md that this version serves. `options` and `ports`
/// must outlive the server.
void add_routes(router& r, const http_options& options,
                const http_ports& ports);

} // namespace vigie
