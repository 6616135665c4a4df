#pragma once

#include "http/router.hpp"
#include "http/server.hpp"

namespace vigie {

/// `/health`, `/livez`, `/readyz`, `/metrics`.
void add_health(router& r, const http_ports& p);

} // namespace vigie
