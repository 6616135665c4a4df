#include "actors/store_keeper.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

void store_keeper_state::take(change_ptr what,
                              caf::typed_response_promise<answer_ptr> promise) {
  waiting.push_back({std::move(what), std::move(promise)});
  // The flush queues behind what the mailbox holds already: that is the group.
  if (waiting.size() == 1)
    self->send(store_keeper_actor{self}, flush_atom_v);
}

void store_keeper_state::flush() {
  auto group = std::exchange(waiting, {});
  std::vector<change> changes;
  changes.reserve(group.size());
  for (auto& entry : group)
    changes.push_back(*entry.what);
  auto answers = store->apply(changes);
  auto events = std::make_shared<std::vector<committed_event>>();
  for (auto& answer : answers)
    if (answer)
      events->insert(events->end(), answer.value().events.begin(),
                     answer.value().events.end());
  std::sort(events->begin(), events->end(),
            [](const auto& a, const auto& b) { return a.seq < b.seq; });
  if (!events->empty())
    self->send(broadcaster, announce_atom_v, events_ptr{std::move(events)});
  for (std::size_t i = 0; i < group.size(); ++i)
    group[i].promise.deliver(
        std::make_shared<const outcome<change_answer>>(std::move(answers[i])));
}

store_keeper_actor::behavior_type
store_keeper(store_keeper_actor::stateful_pointer<store_keeper_state> self,
             std::shared_ptr<batch_store> store,
             std::shared_ptr<batch_reader> reader,
             broadcaster_actor broadcaster) {
  auto& st = self->state;
  st.self = self;
  st.store = std::move(store);
  st.reader = std::move(reader);
  st.broadcaster = std::move(broadcaster);
  return {
      [self](commit_atom, const change_ptr& what) {
        auto promise = self->make_response_promise<answer_ptr>();
        self->state.take(what, promise);
        return promise;
      },
      [self](flush_atom) { self->state.flush(); },
      [self](load_atom, const batch_id& id) {
        return std::make_shared<const outcome<batch_state>>(
            self->state.store->load(id));
      },
      [self](view_atom, const batch_id& id) {
        return std::make_shared<const outcome<batch_view>>(
            self->state.reader->snapshot(id));
      },
      [self](open_atom) {
        return std::make_shared<const outcome<std::vector<batch_id>>>(
            self->state.store->unfinished());
      },
      [self](recall_atom, const recall_ptr& what) {
        return std::make_shared<const outcome<std::vector<model_answer>>>(
            self->state.store->answers(what->first, what->second));
      },
  };
}

} // namespace vigie
