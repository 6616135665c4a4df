#pragma once

#include "actors/protocol.hpp"

#include <memory>

namespace vigie {

/// One job at a time. Spawn detached: the runner blocks until its process has
/// answered or ended.
slot_actor::behavior_type slot(slot_actor::pointer self,
                               std::shared_ptr<job_runner> runner);

} // namespace vigie
