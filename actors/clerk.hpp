#pragma once

#include "actors/protocol.hpp"

#include <memory>

namespace vigie {

/// Answers ADMIN's questions to the database. Spawn detached: it reads from
/// disk. Not REPLAYER, for a live stream must not wait for an operator's list.
clerk_actor::behavior_type clerk(clerk_actor::pointer self,
                                 std::shared_ptr<quarantine_reader> rows,
                                 std::shared_ptr<batch_reader> batches);

/// Answers what verification finds. Spawn detached: it reads all evidence.
inspector_actor::behavior_type inspector(inspector_actor::pointer self,
                                         std::shared_ptr<evidence_check> vault);

} // namespace vigie
