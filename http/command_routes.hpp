#pragma once

#include "http/router.hpp"
#include "http/server.hpp"
#include "http/snapshot_cache.hpp"

#include <memory>

namespace vigie {

/// Cancel, retry and delete of a batch.
void add_command_routes(router& r, const http_ports& p,
                        std::shared_ptr<snapshot_cache> cache);

} // namespace vigie
