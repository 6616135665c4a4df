#pragma once

#include "actors/protocol.hpp"

#include <string>
#include <unordered_map>

namespace vigie {

/// Which connection speaks for which slot.
struct gate_state {
  std::unordered_map<caf::actor_addr, std::string> peers;

  static inline const char* name = "gate";
};

/// Relays by request and promise, never by delegate: a peer must not learn an
/// inner handle, for it could kill it. Answers hello with both versions when
/// they differ. Ignores exit messages of peers.
gate_actor::behavior_type gate(gate_actor::stateful_pointer<gate_state> self,
                               hub_actor hub, std::string version);

} // namespace vigie
