#include "actors/gate_keeper.hpp"

#include "actors/metered.hpp"

namespace vigie {

caf::behavior gate_keeper(caf::event_based_actor* self, gate_keeper_args args) {
  auto gate_now = std::make_shared<gate_actor>();
  auto lives = std::make_shared<uint32_t>(0);
  auto open = [=] {
    meter_tag tag;
    tag.kind = actor_kind::gate;
    tag.restarts = (*lives)++;
    *gate_now = spawn_metered(self, tag, gate, args.gate);
    self->monitor(*gate_now);
    if (auto why = args.publish(*gate_now))
      args.gate.log("the gate of the nodes cannot be opened: " + why->detail);
  };
  self->set_down_handler([=](const caf::down_msg& down) {
    args.gate.log("the gate of the nodes has ended (" + to_string(down.reason)
                  + "); a new one opens");
    self->delayed_send(self, args.pause, open_atom_v);
  });
  self->attach_functor([gate_now] {
    // Of others it takes no exit message; this one it cannot refuse.
    caf::anon_send(caf::actor_cast<caf::actor>(*gate_now),
                   caf::exit_msg{{}, caf::make_error(caf::exit_reason::kill)});
  });
  open();
  return {[=](open_atom) { open(); }};
}

} // namespace vigie
