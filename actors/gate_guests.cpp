// GATE: who comes in, and who is gone.

#include "actors/gate.hpp"
#include "actors/gate_relay.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace vigie {

namespace {

constexpr std::size_t longest_name = 64;
constexpr uint32_t most_slots = 1'024;
/// Twice what a node that reads ever has on its way.
constexpr uint64_t most_unread = 64u << 20;

bool sane(const hello& who) {
  auto few = who.abilities.size() <= 256
             && std::all_of(who.abilities.begin(), who.abilities.end(),
                            [](auto& a) { return a.size() <= 128; });
  return few && who.boot_id.size() >= 32 && who.boot_id.size() <= longest_name
         && who.slots > 0 && who.slots <= most_slots;
}

/// Who speaks; nothing for an anonymous message.
caf::node_id node_of(gate_actor::pointer self) {
  auto& from = self->current_sender();
  return from ? from->node() : caf::node_id{};
}

/// As BASP writes it.
std::string bytes_of(caf::actor_system& sys, const caf::node_id& node) {
  std::vector<char> out;
  caf::binary_serializer sink{sys, out};
  if (sink(node))
    return {};
  return {out.begin(), out.end()};
}

} // namespace

gate_state::guest* gate_state::heard(const std::string& boot_id) {
  auto i = guests.find(boot_id);
  return i == guests.end() || i->second.node != node_of(self) ? nullptr
                                                              : &i->second;
}

/// False: the bytes of files that it leaves unread are too many.
bool gate_state::takes_answers(const guest& from) const {
  return from.answered
         < args.delivered(bytes_of(self->system(), from.node)) + most_unread;
}

outcome<member> gate_state::owner_of(const std::string& token) {
  return args.check(token, bytes_of(self->system(), node_of(self)));
}

/// Says so in the log, unless that has been said too often already.
caf::error gate_state::turn_away(const std::string& why) {
  if (lines->rest(self->clock().now()).count() > 0) {
    ++unsaid;
    return refusal(why);
  }
  lines->spend(1);
  auto more = std::exchange(unsaid, 0);
  args.log(why + (more > 0 ? " (and " + std::to_string(more) + " more)" : ""));
  return refusal(why);
}

caf::result<welcome> gate_state::join(const hello& who) {
  auto link = caf::actor_cast<caf::actor>(self->current_sender());
  if (who.version != args.version)
    return turn_away("version " + who.version.substr(0, longest_name)
                     + " may not join a server of version " + args.version);
  auto owner = owner_of(who.token);
  if (!owner)
    return turn_away("a node was refused: " + owner.why().detail);
  if (owner.value().admin)
    return refusal("a bundle of role admin does not work on files");
  auto node = node_of(self);
  if (!sane(who) || !link)
    return refusal("not a node's hello");
  auto addr = link.address();
  if (auto old = guests.find(who.boot_id);
      old != guests.end() && old->second.link != addr)
    return refusal("another node has this boot id");
  auto now = self->clock().now();
  auto& pace =
      joins.try_emplace(owner.value().name, args.joins, now).first->second;
  if (pace.rest(now).count() > 0)
    return turn_away(owner.value().name + " joins too often");
  pace.spend(1);
  replace(node, who.boot_id);
  auto [at, fresh] = guests.try_emplace(who.boot_id);
  at->second.link = addr;
  at->second.node = node;
  at->second.slots = who.slots;
  if (fresh) {
    self->monitor(addr);
    at->second.answered = args.delivered(bytes_of(self->system(), node));
  }
  args.log({"node " + owner.value().name + " joined with "
                + std::to_string(who.slots) + " slots",
            {{"node", owner.value().name}}});
  auto promise = self->make_response_promise<welcome>();
  self->request(args.hub, std::chrono::seconds{60}, join_atom_v, who,
                owner.value().name, link)
      .then(
          [promise](welcome& w) mutable { promise.deliver(std::move(w)); },
          [promise](caf::error& e) mutable { promise.deliver(std::move(e)); });
  return promise;
}

/// A node has one boot id: its older one is that of a life that has ended.
void gate_state::replace(const caf::node_id& node, const std::string& boot_id) {
  auto old = std::find_if(guests.begin(), guests.end(), [&](auto& g) {
    return g.second.node == node && g.first != boot_id;
  });
  if (old != guests.end())
    leave(std::string{old->first});
}

void gate_state::gone(const caf::actor_addr& which) {
  auto i = std::find_if(guests.begin(), guests.end(),
                        [&](auto& g) { return g.second.link == which; });
  if (i != guests.end())
    leave(std::string{i->first});
}

void gate_state::leave(const std::string& boot_id) {
  auto i = guests.find(boot_id);
  self->demonitor(i->second.link);
  self->send(args.hub, lost_atom_v, boot_id);
  guests.erase(i);
}

} // namespace vigie
