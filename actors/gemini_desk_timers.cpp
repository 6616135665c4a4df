// GEMINI_DESK's clocks: gates' timers, budgets, persistence; its behavior.

#include "actors/gemini_desk.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

constexpr std::chrono::seconds save_pause{1};

} // namespace

void desk_state::tick(std::size_t gate, uint64_t generation) {
  if (gates[gate].generation != generation)
    return;
  gate_steps steps;
  gates[gate].rules.pump(now(), steps);
  carry_out(gate, std::move(steps));
}

/// One timer for all budgets: CAF's clock keeps 250 bytes of each of its own.
void desk_state::arm_budgets() {
  if (due.empty())
    return;
  auto left = due.begin()->first - self->clock().now();
  self->delayed_send(self, std::max(left, left.zero()), expire_atom_v,
                     ++due_generation);
}

void desk_state::budgets_spent(uint64_t generation) {
  if (generation != due_generation)
    return;
  for (auto at = self->clock().now();
       !due.empty() && due.begin()->first <= at;) {
    auto id = due.begin()->second;
    due.erase(due.begin());
    expire(id);
  }
  arm_budgets();
}

void desk_state::expire(uint64_t id) {
  auto i = asks.find(id);
  if (i == asks.end()) {
    expire_follower(id);
    return;
  }
  auto gate = i->second.gate;
  gate_steps steps;
  gates[gate].rules.expire(id, now(), steps);
  carry_out(gate, std::move(steps));
}

void desk_state::save_soon(std::size_t gate, bool at_once) {
  gates[gate].dirty = true;
  if (!args.store)
    return;
  if (at_once) {
    save();
  } else if (!save_armed) {
    save_armed = true;
    self->delayed_send(self, save_pause, save_atom_v);
  }
}

void desk_state::save() {
  for (auto& g : gates) {
    if (!g.dirty)
      continue;
    g.dirty = false;
    auto row = std::make_shared<change>();
    row->what = g.rules.save(now());
    self->request(args.store, args.wait.store, commit_atom_v, change_ptr{row})
        .then([](const answer_ptr&) {},
              [this](const caf::error&) {
                if (args.log)
                  args.log("gemini: the state of the gates was not stored");
              });
  }
}

/// What is out comes back as ever, and is kept; what waits goes on waiting.
void desk_state::drain(caf::typed_response_promise<bool> promise) {
  for (auto& g : gates)
    g.rules.stop();
  if (args.store)
    save();
  draining.push_back(std::move(promise));
  tell_if_idle();
}

void desk_state::tell_if_idle() {
  if (idle.size() < args.callers.size() || storing > 0)
    return;
  for (auto& promise : std::exchange(draining, {}))
    promise.deliver(true);
}

boards_ptr desk_state::board() const {
  auto out = std::make_shared<std::vector<gate_board>>();
  for (auto& g : gates)
    out->push_back(g.rules.board(now()));
  return out;
}

desk_actor::behavior_type
gemini_desk(desk_actor::stateful_pointer<desk_state> self, desk_args args) {
  auto& st = self->state;
  st.self = self;
  st.args = std::move(args);
  st.idle.assign(st.args.callers.begin(), st.args.callers.end());
  for (auto& rules : st.args.gates) {
    st.gates.push_back({quota_gate{rules}, rules.model});
    for (auto& m : st.args.memory)
      if (m.model == rules.model)
        st.gates.back().rules.restore(m, st.now());
  }
  self->set_down_handler(
      [self](const caf::down_msg& down) { self->state.lost(down.source); });
  return {
      [self](ask_atom, const ask_ptr& ask, gemini_stage_actor stage) {
        auto promise = self->make_response_promise<told_ptr>();
        self->state.take(ask, std::move(stage), promise);
        return promise;
      },
      [self](caf::tick_atom, uint64_t gate, uint64_t generation) {
        self->state.tick(gate, generation);
      },
      [self](expire_atom, uint64_t generation) {
        self->state.budgets_spent(generation);
      },
      [self](save_atom) {
        self->state.save_armed = false;
        self->state.save();
      },
      [self](drain_atom) {
        auto promise = self->make_response_promise<bool>();
        self->state.drain(promise);
        return promise;
      },
      [self](stats_atom) { return self->state.board(); },
  };
}

} // namespace vigie
