#include "actors/janitor.hpp"

#include <string>
#include <utility>

namespace vigie {

namespace {

constexpr std::chrono::seconds soon{1};

} // namespace

void janitor_state::look() {
  auto& rules = args.rules;
  auto ended = args.shelves->oldest_ended(rules.most_per_run + 1);
  auto disk = rules.disk_high_percent > 0 ? args.shelves->disk()
                                          : outcome<disk_figure>{disk_figure{}};
  if (!ended || !disk) {
    args.log("retention: cannot look: "
             + (ended ? disk.why() : ended.why()).detail);
    rest();
    return;
  }
  auto plan =
      plan_retention(rules, args.now(), ended.value(), disk.value(), pressing);
  pressing = plan.pressing;
  if (plan.helpless && !std::exchange(said_helpless, true))
    args.log("retention: the disk is too full and no ended batch is left");
  said_helpless = said_helpless && plan.pressing;
  doomed.assign(plan.doomed.begin(), plan.doomed.end());
  more = doomed.size() >= rules.most_per_run;
  deleted = 0;
  next();
}

/// What is at work again by now is left alone: FRONT refuses.
void janitor_state::next() {
  if (doomed.empty()) {
    if (deleted > 0)
      args.log("retention: " + std::to_string(deleted) + " batches deleted");
    // The estimate may have been too high: the disk is asked again.
    more = more || (pressing && deleted > 0);
    rest();
    return;
  }
  auto id = doomed.front();
  doomed.pop_front();
  self->request(args.front, args.wait.store, erase_atom_v, id)
      .then(
          [this](const done_ptr& answer) {
            deleted += *answer ? 1 : 0;
            next();
          },
          [this](const caf::error&) {
            doomed.clear(); // FRONT is busy, or gone: the next run, then
            more = false;
            next();
          });
}

void janitor_state::rest() {
  auto wait = std::exchange(more, false) ? soon : args.period;
  self->delayed_send(janitor_actor{self}, wait, caf::tick_atom_v);
}

janitor_actor::behavior_type
janitor(janitor_actor::stateful_pointer<janitor_state> self,
        janitor_args args) {
  auto& st = self->state;
  st.self = self;
  st.args = std::move(args);
  self->delayed_send(janitor_actor{self}, st.args.first, caf::tick_atom_v);
  return {
      [self](caf::tick_atom) { self->state.look(); },
  };
}

} // namespace vigie
