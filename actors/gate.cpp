#include "actors/gate.hpp"
#include "actors/gate_relay.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

constexpr unsigned most_beats = 4;
/// A chunk of a mebibyte each.
constexpr unsigned most_fetches = 32;
/// Beyond the slots: a drain gives back while results are on their way.
constexpr unsigned spare_answers = 8;

} // namespace

caf::result<analysis_job> gate_state::pull(const std::string& boot_id) {
  auto* from = heard(boot_id);
  if (from == nullptr)
    return stranger();
  auto way = from->pulls.enter(from->slots);
  if (!way)
    return too_many("pulls");
  return relay<analysis_job>(self, way, args.hub, pull_atom_v, boot_id);
}

caf::result<lease_list> gate_state::beat(const std::string& boot_id,
                                         const lease_list& held) {
  auto* from = heard(boot_id);
  if (from == nullptr)
    return stranger();
  auto way = from->beats.enter(most_beats);
  if (!way)
    return too_many("beats");
  return relay<lease_list>(self, way, args.hub, beat_atom_v, boot_id, held);
}

caf::result<bool> gate_state::took(const std::string& boot_id, uint64_t token,
                                   const analysis_result& r) {
  auto* from = heard(boot_id);
  if (from == nullptr)
    return stranger();
  auto way = from->answers.enter(from->slots + spare_answers);
  if (!way)
    return too_many("results");
  return relay<bool>(self, way, args.hub, result_atom_v, boot_id, token, r);
}

/// HUB knows the file of the lease, DEPOT reads it.
caf::result<file_chunk> gate_state::fetch(const std::string& boot_id,
                                          uint64_t token, uint64_t offset) {
  auto* from = heard(boot_id);
  if (from == nullptr)
    return stranger();
  auto way = from->fetches.enter(std::min(from->slots, most_fetches));
  if (!way || !takes_answers(*from))
    return too_many("fetches");
  auto promise = self->make_response_promise<file_chunk>();
  auto fail = [promise, way](caf::error& e) mutable {
    promise.deliver(std::move(e));
  };
  auto give = [this, boot_id, promise, way](file_chunk& c) mutable {
    if (auto g = guests.find(boot_id); g != guests.end())
      g->second.answered += c.bytes.size();
    promise.deliver(std::move(c));
  };
  auto read = [this, give, fail, offset](const std::string& path) {
    self->request(args.depot, hub_deadline, fetch_atom_v, path, offset)
        .then(give, fail);
  };
  self->request(args.hub, hub_deadline, fetch_atom_v, boot_id, token)
      .then(read, fail);
  return promise;
}

gate_actor::behavior_type gate(gate_actor::stateful_pointer<gate_state> self,
                               gate_args args) {
  auto& st = self->state;
  st.self = self;
  st.lines.emplace(args.refusals, self->clock().now());
  st.args = std::move(args);
  self->set_exit_handler([](const caf::exit_msg&) {});
  self->set_down_handler(
      [self](const caf::down_msg& down) { self->state.gone(down.source); });
  return {
      [self](join_atom, const hello& who) { return self->state.join(who); },
      [self](pull_atom, const std::string& id) { return self->state.pull(id); },
      [self](beat_atom, const std::string& id, const lease_list& held) {
        return self->state.beat(id, held);
      },
      [self](result_atom, const std::string& id, uint64_t token,
             const analysis_result& r) {
        return self->state.took(id, token, r);
      },
      [self](broken_atom, const std::string& id, uint64_t token,
             const std::string& why) -> caf::result<bool> {
        if (self->state.heard(id) == nullptr)
          return stranger();
        self->send(self->state.args.hub, broken_atom_v, id, token, why);
        return true;
      },
      [self](undone_atom, const std::string& id,
             uint64_t token) -> caf::result<bool> {
        if (self->state.heard(id) == nullptr)
          return stranger();
        self->send(self->state.args.hub, undone_atom_v, id, token);
        return true;
      },
      [self](fetch_atom, const std::string& id, uint64_t token,
             uint64_t offset) { return self->state.fetch(id, token, offset); },
      [self](report_atom, const std::string& id, uint64_t number,
             const actor_sheet& sheet) {
        return self->state.report(id, number, sheet);
      },
      [self](lost_atom, const std::string& id) {
        if (self->state.heard(id) != nullptr)
          self->state.leave(id);
        return true;
      },
      [self](admin_atom, const admin_ask& ask) {
        return self->state.admin(ask);
      },
  };
}

} // namespace vigie
