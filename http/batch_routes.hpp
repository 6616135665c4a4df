#pragma once

#include "http/router.hpp"
#include "http/server.hpp"

namespace vigie {

/// Batches to read: list, snapshot, analyses. `ports` must outlive the server.
void add_batch_routes(router& r, const http_ports& ports);

} // namespace vigie
