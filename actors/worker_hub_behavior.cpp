#include "actors/worker_hub.hpp"

#include <utility>

namespace vigie {

hub_actor::behavior_type worker_hub(hub_actor::stateful_pointer<hub_state> self,
                                    hub_rules rules) {
  self->state.self = self;
  self->state.rules = rules;
  self->delayed_send(hub_actor{self}, std::chrono::seconds{1},
                     caf::tick_atom_v);
  self->set_down_handler(
      [self](const caf::down_msg& down) { self->state.forget(down.source); });
  return {
      [self](work_atom, const analysis_job& job) {
        // First: the promise takes the sender away.
        auto asker = caf::actor_cast<caf::actor_addr>(self->current_sender());
        auto promise = self->make_response_promise<analysis_result>();
        self->state.work(job, std::move(asker), promise);
        return promise;
      },
      [self](join_atom, const hello& who) {
        self->state.slots[who.boot_id] = {who.name, self->clock().now(),
                                          std::nullopt};
      },
      [self](pull_atom, const std::string& slot_id) {
        auto promise = self->make_response_promise<analysis_job>();
        auto& st = self->state;
        auto now = self->clock().now();
        auto& s = st.slots[slot_id];
        s.seen = now;
        s.waiting = hub_state::pull{promise, now + st.rules.longest_pull};
        st.match();
        return promise;
      },
      [self](beat_atom, const std::string& slot_id, uint64_t token) {
        self->state.beat(slot_id, token);
      },
      [self](result_atom, const std::string& slot_id, uint64_t token,
             const analysis_result& r) {
        self->state.result(slot_id, token, r);
      },
      [self](lost_atom, const std::string& slot_id) {
        self->state.lost(slot_id);
      },
      [self](caf::tick_atom) {
        self->state.tick();
        self->delayed_send(hub_actor{self}, std::chrono::seconds{1},
                           caf::tick_atom_v);
      },
      [self](stats_atom) {
        auto& st = self->state;
        auto queued = uint64_t{0};
        for (auto& [batch, queue] : st.queues)
          queued += queue.size();
        return hub_stats{st.slots.size(), queued, st.leases.size()};
      },
  };
}

} // namespace vigie
