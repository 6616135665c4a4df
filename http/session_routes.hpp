#pragma once

#include "http/router.hpp"
#include "http/server.hpp"

namespace vigie {

/// `/api/v1/session`: who am I, sign in (with a token), sign out. `p` and
/// `rules` must outlive the server.
void add_session_routes(router& r, const http_ports& p,
                        const access_rules& rules);

} // namespace vigie
