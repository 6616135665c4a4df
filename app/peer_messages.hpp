#pragma once

#include "remote/basp_guard.hpp"

#include <caf/all.hpp>

namespace vigie {

/// What a peer may say to GATE, read off its type (actors/protocol.hpp): the
/// elements of each message, and how long it may be.
std::vector<message_rule> peer_messages(caf::actor_system& sys);

} // namespace vigie
