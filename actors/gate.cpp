#include "actors/gate.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

constexpr auto pull_deadline = std::chrono::seconds{60};

using gate_pointer = gate_actor::stateful_pointer<gate_state>;

/// Remembers the sender as the slot `boot_id` and watches its connection.
void know(gate_pointer self, const std::string& boot_id) {
  auto peer = caf::actor_cast<caf::actor_addr>(self->current_sender());
  if (self->state.peers.emplace(peer, boot_id).second)
    self->monitor(peer);
}

/// A boot id is 128 random bits that only the slot itself knows, so it names
/// the slot whichever of its actors speaks (work, heartbeat).
bool known(gate_pointer self, const std::string& boot_id) {
  auto& peers = self->state.peers;
  return std::any_of(peers.begin(), peers.end(),
                     [&](auto& p) { return p.second == boot_id; });
}

caf::error stranger() {
  return caf::make_error(caf::sec::invalid_argument, "join first");
}

} // namespace

gate_actor::behavior_type gate(gate_actor::stateful_pointer<gate_state> self,
                               hub_actor hub, std::string version) {
  self->set_exit_handler([](const caf::exit_msg&) {});
  self->set_down_handler([self, hub](const caf::down_msg& down) {
    if (auto i = self->state.peers.find(down.source);
        i != self->state.peers.end()) {
      self->send(hub, lost_atom_v, i->second);
      self->state.peers.erase(i);
    }
  });
  return {
      [self, hub, version](join_atom, const hello& who) -> caf::result<bool> {
        if (who.version != version)
          return caf::make_error(caf::sec::invalid_argument,
                                 "version " + who.version
                                     + " may not join a server of version "
                                     + version);
        know(self, who.boot_id);
        self->send(hub, join_atom_v, who);
        return true;
      },
      [self, hub](pull_atom,
                  const std::string& id) -> caf::result<analysis_job> {
        if (!known(self, id))
          return stranger();
        auto promise = self->make_response_promise<analysis_job>();
        self->request(hub, pull_deadline, pull_atom_v, id)
            .then(
                [promise](const analysis_job& job) mutable {
                  promise.deliver(job);
                },
                [promise](const caf::error& e) mutable { promise.deliver(e); });
        return promise;
      },
      [self, hub](beat_atom, const std::string& id,
                  uint64_t token) -> caf::result<bool> {
        if (!known(self, id))
          return stranger();
        self->send(hub, beat_atom_v, id, token);
        return true;
      },
      [self, hub](result_atom, const std::string& id, uint64_t token,
                  const analysis_result& r) -> caf::result<bool> {
        if (!known(self, id))
          return stranger();
        self->send(hub, result_atom_v, id, token, r);
        return true;
      },
  };
}

} // namespace vigie
