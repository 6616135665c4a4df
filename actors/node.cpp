#include "actors/node.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vigie {

namespace {

constexpr auto longest_pause = std::chrono::milliseconds{10'000};
constexpr auto dial_within = std::chrono::seconds{20};
constexpr auto leave_within = std::chrono::seconds{5};

} // namespace

std::function<void(const caf::error&)> node_state::or_lost() {
  return [this, now = life](const caf::error& e) {
    if (now == life)
      lost(to_string(e));
  };
}

void node_state::dial() {
  if (gate || leaving)
    return;
  if (args.dials)
    args.dials();
  self->request(args.dialer, dial_within, caf::connect_atom_v, args.host,
                args.port)
      .then([this](const caf::node_id&, const caf::strong_actor_ptr& to,
                   const std::set<std::string>&) { connected(to); },
            [this](const caf::error& e) {
              redial("cannot reach the server: " + to_string(e)
                     + (e == caf::sec::disconnect_during_handshake
                            ? "; it hung up: is this bundle of that server, "
                              "and neither revoked nor replaced?"
                            : ""));
            });
}

/// Says why once, not at every attempt.
void node_state::redial(const std::string& why) {
  if (why != said)
    args.log({why, {}, log_level::warning});
  said = why;
  if (draining) {
    leave_if_done();
    return;
  }
  pause = std::clamp(pause * 2, args.redial, longest_pause);
  self->delayed_send(node_actor{self}, pause, dial_atom_v);
}

void node_state::connected(const caf::strong_actor_ptr& to) {
  if (leaving)
    return;
  if (!to) {
    redial("nobody receives nodes there");
    return;
  }
  gate = caf::actor_cast<gate_actor>(to);
  ++life;
  self->monitor(gate);
  self->request(gate, dial_within, join_atom_v, args.who)
      .then(
          [this, now = life](const welcome& w) {
            if (now == life)
              joined(w);
          },
          [this, now = life](const caf::error& e) {
            if (now == life)
              lost("refused: " + to_string(e));
          });
}

void node_state::joined(const welcome& w) {
  in = true;
  pause = std::chrono::milliseconds{0};
  said.clear();
  args.log("joined " + args.host + ":" + std::to_string(args.port) + " as "
           + w.name);
  args.prepare(w.setup);
  for (auto slot : idle)
    self->send(args.slots[slot].worker, begin_atom_v);
  beat();
  pull_all();
}

/// The leases die with the connection: what runs is called off.
void node_state::lost(const std::string& why) {
  if (!gate)
    return;
  self->demonitor(gate.address());
  gate = gate_actor{};
  in = false;
  ++life;
  // A request to a peer that is gone is answered by its deadline only.
  idle.merge(std::exchange(pulling, {}));
  for (auto i = holds.begin(); i != holds.end();) {
    call_off(i->first);
    i = i->second.told ? holds.erase(i) : std::next(i);
  }
  redial(why);
}

/// A slot that rests (see no_file) pulls again.
void node_state::tick() {
  self->delayed_send(node_actor{self}, args.beat, caf::tick_atom_v);
  if (!in)
    return;
  beat();
  pull_all();
}

void node_state::beat() {
  lease_list held;
  for (auto& [number, h] : holds)
    if (!h.stopped)
      (h.begun ? held.tokens : held.coming).push_back(h.job.token);
  self->request(gate, args.answer_within, beat_atom_v, args.who.boot_id,
                std::move(held))
      .then(
          [this, now = life](const lease_list& stale) {
            if (now == life)
              for (auto token : stale.tokens)
                stop(token);
          },
          or_lost());
}

void node_state::drain() {
  if (draining)
    return;
  draining = true;
  args.log("draining: " + std::to_string(holds.size()) + " jobs at work");
  self->delayed_send(node_actor{self}, args.drain_within, expire_atom_v);
  leave_if_done();
}

void node_state::drain_ended() {
  std::vector<uint64_t> all;
  for (auto& [number, h] : holds)
    if (!h.told && !h.stopped)
      all.push_back(number);
  for (auto number : all)
    give_back(number);
}

void node_state::leave_if_done() {
  if (!draining || leaving || !holds.empty())
    return;
  leaving = true;
  if (!gate) {
    args.left();
    return;
  }
  self->request(gate, leave_within, lost_atom_v, args.who.boot_id)
      .then([this](bool) { args.left(); },
            [this](const caf::error&) { args.left(); });
}

node_actor::behavior_type node(node_actor::stateful_pointer<node_state> self,
                               node_args args) {
  auto& st = self->state;
  st.self = self;
  st.args = std::move(args);
  for (std::size_t i = 0; i < st.args.slots.size(); ++i) {
    st.idle.insert(i);
    self->send(st.args.slots[i].worker, begin_atom_v); // while we connect
  }
  self->set_down_handler([self](const caf::down_msg& down) {
    auto& s = self->state;
    if (s.gate && down.source == s.gate.address())
      s.lost("the connection to the server is gone");
  });
  self->set_exit_handler([](const caf::exit_msg&) {}); // the server's word
  self->send(node_actor{self}, dial_atom_v);
  self->delayed_send(node_actor{self}, st.args.beat, caf::tick_atom_v);
  return {
      [self](dial_atom) { self->state.dial(); },
      [self](stop_atom, uint64_t token) { self->state.stop(token); },
      [self](drain_atom) { self->state.drain(); },
      [self](expire_atom) { self->state.drain_ended(); },
      [self](report_atom, uint64_t look) { self->state.tell_actors(look); },
      [self](caf::tick_atom) { self->state.tick(); },
  };
}

} // namespace vigie
