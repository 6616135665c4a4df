#include "actors/metered.hpp"

#include "actors/protocol.hpp"

namespace vigie {

namespace {

constexpr auto answer_word = caf::atom("answer"), exit_word = caf::atom("exit"),
               down_word = caf::atom("down"), socket_word = caf::atom("socket"),
               other_word = caf::atom("other");

/// What is no atom: an end, or the news of a socket.
caf::atom_value word_of(uint16_t type) {
  if (type == caf::type_nr<caf::exit_msg>::value)
    return exit_word;
  return type == caf::type_nr<caf::down_msg>::value ? down_word : other_word;
}

} // namespace

caf::atom_value word_of(const caf::mailbox_element& x) {
  auto& content = x.content();
  if (content.size() > 0) {
    auto type = content.type(0).first;
    if (type == caf::type_nr<caf::atom_value>::value)
      return *static_cast<const caf::atom_value*>(content.get(0));
    if (!x.mid.is_response() && type != 0)
      return word_of(type);
  }
  // A type without a number of CAF's is one of ours, in an answer, or one of
  // CAF's I/O.
  return x.mid.is_response() ? answer_word : socket_word;
}

bool is_probe(const caf::mailbox_element& x) {
  if (x.mid.is_response() || x.content().size() != 1)
    return false;
  return x.content().type(0).first == caf::type_nr<caf::atom_value>::value
         && *static_cast<const caf::atom_value*>(x.content().get(0))
                == probe_atom::value;
}

actor_kind kind_of(stage what) {
  return static_cast<actor_kind>(static_cast<int>(actor_kind::metadata)
                                 + static_cast<int>(what));
}

meter_tag batch_tag(const batch_id& id, bool resumed) {
  meter_tag tag;
  tag.kind = actor_kind::pipeline;
  tag.batch = std::make_shared<const std::string>(id.text);
  tag.restarts = resumed ? 1 : 0;
  return tag;
}

meter_tag tag_below(caf::local_actor* parent, actor_kind kind) {
  meter_tag tag;
  tag.kind = kind;
  if (auto* m = meter_of(parent))
    tag.batch = m->tag().batch;
  return tag;
}

void count_restart(caf::local_actor* self) {
  if (auto* m = meter_of(self))
    m->restarts();
}

} // namespace vigie
