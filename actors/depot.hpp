#pragma once

#include "actors/protocol.hpp"

#include <memory>

namespace vigie {

/// Answers chunks of stored files. Spawn detached: it reads from disk.
depot_actor::behavior_type depot(depot_actor::pointer self,
                                 std::shared_ptr<chunk_source> files);

} // namespace vigie
