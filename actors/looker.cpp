#include "actors/looker.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

constexpr auto pause = std::chrono::milliseconds{100};

/// Who is at work or has mail, and the rest by what they have done so far.
bool livelier(const meter_reading& a, const meter_reading& b) {
  if (a.busy != b.busy)
    return a.busy;
  if (a.busy && a.since != b.since)
    return a.since < b.since;
  return a.mailbox != b.mailbox ? a.mailbox > b.mailbox : a.handled > b.handled;
}

} // namespace

bool look_rules::wants(const meter_tag& who) const {
  auto same_batch = batch.empty() || (who.batch && *who.batch == batch);
  return same_batch && (kind.empty() || kind == to_string(who.kind));
}

/// Who looks is not at work, or would be the first of all in a calm system.
std::vector<meter_reading> looker_state::readings() const {
  auto all = census::here().read();
  for (auto& one : all)
    if (one.who == self->address())
      one.busy = false;
  return all;
}

void looker_state::begin(promise to) {
  told = std::move(to);
  begun = self->clock().now();
  auto all = readings();
  std::erase_if(all, [this](auto& x) { return !rules.wants(x.tag); });
  auto most = std::min(rules.rows, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<ptrdiff_t>(most),
                    all.end(), livelier);
  all.resize(most);
  for (auto& one : all) {
    shown.insert(one.id);
    handled.emplace(one.id, one.handled);
    census::here().ask(one);
  }
  self->delayed_send(looker_actor{self}, rules.sample, caf::tick_atom_v);
}

void looker_state::look_again() {
  auto now = readings();
  std::erase_if(now, [&](auto& x) { return shown.count(x.id) == 0; });
  auto heard = std::none_of(now.begin(), now.end(),
                            [](auto& x) { return x.asked.count() > 0; });
  if (!heard && self->clock().now() - begun < rules.deadline) {
    self->delayed_send(looker_actor{self}, pause, caf::tick_atom_v);
    return;
  }
  told.deliver(std::make_shared<const actor_sheet>(sheet(std::move(now))));
  self->quit();
}

actor_sheet looker_state::sheet(std::vector<meter_reading> now) const {
  actor_sheet out;
  std::chrono::duration<double> took = self->clock().now() - begun;
  for (auto& one : now) {
    auto v = one.view();
    if (took.count() > 0)
      v.per_second =
          static_cast<double>(one.handled - handled.at(one.id)) / took.count();
    if (v.silent && *v.silent < rules.deadline)
      v.silent.reset(); // another looker has only just asked
    out.rows.push_back(std::move(v));
  }
  std::sort(out.rows.begin(), out.rows.end(), busier);
  out.kinds = census::here().totals();
  for (auto& k : out.kinds)
    out.total += k.actors;
  return out;
}

looker_actor::behavior_type
looker(looker_actor::stateful_pointer<looker_state> self, look_rules rules) {
  self->state.self = self;
  self->state.rules = rules;
  return {
      [self](look_atom) {
        auto told = self->make_response_promise<sheet_ptr>();
        self->state.begin(told);
        return told;
      },
      [self](caf::tick_atom) { self->state.look_again(); },
  };
}

} // namespace vigie
