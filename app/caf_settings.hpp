#pragma once

#include <caf/actor_system_config.hpp>

namespace vigie {

/// CAF as all our programs run it: our messages, few threads, bounded turns.
struct caf_settings : caf::actor_system_config {
  caf_settings();
};

} // namespace vigie
