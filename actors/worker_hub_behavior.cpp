#include "actors/worker_hub.hpp"

#include <utility>

namespace vigie {

hub_actor::behavior_type worker_hub(hub_actor::stateful_pointer<hub_state> self,
                                    hub_rules rules) {
  self->state.self = self;
  self->state.rules = std::move(rules);
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
      [self](join_atom, const hello& who, const std::string& name,
             const caf::actor& link) {
        self->state.join(who, name, link);
        return welcome{name, self->state.rules.setup};
      },
      [self](pull_atom, const std::string& boot_id) {
        auto promise = self->make_response_promise<analysis_job>();
        self->state.pulled(boot_id, promise);
        return promise;
      },
      [self](beat_atom, const std::string& boot_id, const lease_list& held) {
        return self->state.beat(boot_id, held);
      },
      [self](result_atom, const std::string& boot_id, uint64_t token,
             const analysis_result& r) {
        return self->state.result(boot_id, token, r);
      },
      [self](broken_atom, const std::string& boot_id, uint64_t token,
             const std::string& why) {
        if (self->state.held_by(boot_id, token) != nullptr)
          self->state.slot_broke(token, breakage_words(why));
      },
      [self](undone_atom, const std::string& boot_id, uint64_t token) {
        self->state.undone(boot_id, token);
      },
      [self](fetch_atom, const std::string& boot_id,
             uint64_t token) -> caf::result<std::string> {
        if (auto* held = self->state.held_by(boot_id, token)) {
          if (!held->begun)
            held->moved = self->clock().now();
          return held->what.job.path;
        }
        return caf::make_error(caf::sec::invalid_argument, "no such lease");
      },
      [self](lost_atom, const std::string& boot_id) {
        self->state.lost(boot_id);
      },
      [self](drain_atom) { self->state.draining = true; },
      [self](drain_atom, const std::string& name) {
        return self->state.drain_node(name);
      },
      [self](caf::tick_atom) {
        self->state.tick();
        self->delayed_send(hub_actor{self}, std::chrono::seconds{1},
                           caf::tick_atom_v);
      },
      [self](stats_atom) { return self->state.stats(); },
      [self](nodes_atom) -> nodes_ptr {
        return std::make_shared<const std::vector<node_view>>(
            self->state.view());
      },
      [self](list_atom) -> queues_ptr {
        return std::make_shared<const std::vector<stage_queue>>(
            self->state.queues());
      },
      [self](report_atom, uint64_t number) {
        for (auto& [boot_id, n] : self->state.nodes)
          caf::anon_send(n.link, report_atom_v, number);
      },
  };
}

} // namespace vigie
