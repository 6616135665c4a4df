#include "app/peer_messages.hpp"

#include "actors/protocol.hpp"

#include <stdexcept>

namespace vigie {

namespace {

/// The rest fits into a rule's own default.
uint32_t most_of(uint64_t atom) {
  switch (atom) {
  case result_atom::uint_value():
    return 16u << 20; // see acceptable()
  case report_atom::uint_value():
    return 1u << 20;
  default:
    return message_rule{}.most;
  }
}

/// As it will be read: a message of this kind, written by CAF.
template <class... In, class Out>
message_rule rule_of(caf::actor_system& sys,
                     caf::typed_mpi<caf::detail::type_list<In...>, Out>) {
  std::vector<char> written(1); // no forwarding stack
  caf::binary_serializer sink{sys, written};
  auto sample = caf::make_message(In{}...);
  auto failed = sink(sample);
  auto seen = read_message(std::as_bytes(std::span{written}));
  if (failed || !seen || !seen->first)
    throw std::logic_error{"GATE takes a message that has no rule"};
  return {*seen->first, seen->types, most_of(*seen->first)};
}

template <class... Kinds>
std::vector<message_rule> rules_of(caf::actor_system& sys,
                                   caf::detail::type_list<Kinds...>) {
  return {rule_of(sys, Kinds{})...};
}

} // namespace

std::vector<message_rule> peer_messages(caf::actor_system& sys) {
  return rules_of(sys, gate_actor::signatures{});
}

} // namespace vigie
