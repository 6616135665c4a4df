#include "actors/store_keeper.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

constexpr std::chrono::seconds first_pause{1};
constexpr std::chrono::seconds longest_pause{30};

bool for_want_of_room(const outcome<change_answer>& x) {
  return !x && x.why().id == code::disk_full;
}

} // namespace

void store_keeper_state::take(pending one) {
  // Behind what waits for room: an asker's changes keep their order.
  if (one.asker && !held.empty()) {
    hold(std::move(one));
    return;
  }
  waiting.push_back(std::move(one));
  // The flush queues behind what the mailbox holds already: that is the group.
  if (waiting.size() == 1)
    self->send(store_keeper_actor{self}, flush_atom_v);
}

void store_keeper_state::flush() {
  auto frees = [](auto& p) {
    return std::holds_alternative<erasure>(p.what->what);
  };
  auto freed = std::any_of(waiting.begin(), waiting.end(), frees);
  commit(std::exchange(waiting, {}));
  if (freed && !held.empty())
    retry();
  for (auto& promise : std::exchange(watching, {}))
    promise.deliver(true);
}

void store_keeper_state::commit(std::vector<pending> group) {
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
    if (group[i].asker && for_want_of_room(answers[i]))
      hold(std::move(group[i]));
    else
      group[i].promise.deliver(std::make_shared<const outcome<change_answer>>(
          std::move(answers[i])));
}

void store_keeper_state::hold(pending one) {
  if (held.empty() && pause == pause.zero() && log)
    log({"the disk is full: work waits for room", {}, log_level::warning});
  self->monitor(one.asker);
  held.push_back(std::move(one));
  if (std::exchange(armed, true))
    return;
  pause = std::clamp(2 * pause, first_pause, longest_pause);
  self->delayed_send(store_keeper_actor{self}, pause, caf::tick_atom_v);
}

void store_keeper_state::retry() {
  auto before = held.size();
  auto group = std::exchange(held, {});
  for (auto& entry : group)
    self->demonitor(entry.asker);
  if (!group.empty())
    commit(std::move(group));
  if (held.size() < before)
    pause = held.empty() ? pause.zero() : first_pause;
  if (held.empty() && before > 0 && log)
    log("there is room again: " + std::to_string(before)
        + " changes were stored");
}

/// Its batch was cancelled, or goes on in another life.
void store_keeper_state::forget(const caf::actor_addr& asker) {
  std::erase_if(held, [&](auto& entry) { return entry.asker == asker; });
  if (held.empty())
    pause = pause.zero();
}

store_keeper_actor::behavior_type
store_keeper(store_keeper_actor::stateful_pointer<store_keeper_state> self,
             std::shared_ptr<batch_store> store,
             std::shared_ptr<batch_reader> reader,
             broadcaster_actor broadcaster, log_line log) {
  auto& st = self->state;
  st.self = self;
  st.store = std::move(store);
  st.reader = std::move(reader);
  st.broadcaster = std::move(broadcaster);
  st.log = std::move(log);
  self->set_down_handler(
      [self](const caf::down_msg& down) { self->state.forget(down.source); });
  return {
      [self](commit_atom, const change_ptr& what) {
        auto promise = self->make_response_promise<answer_ptr>();
        self->state.take({what, promise, {}});
        return promise;
      },
      [self](persist_atom, const change_ptr& what) {
        // First: the promise takes the sender away.
        auto asker = caf::actor_cast<caf::actor_addr>(self->current_sender());
        auto promise = self->make_response_promise<answer_ptr>();
        self->state.take({what, promise, std::move(asker)});
        return promise;
      },
      [self](flush_atom) { self->state.flush(); },
      [self](caf::tick_atom) {
        self->state.armed = false;
        self->state.retry();
      },
      [self](ready_atom) { return self->state.held.empty(); },
      [self](drain_atom) {
        auto promise = self->make_response_promise<bool>();
        if (self->state.waiting.empty())
          promise.deliver(true);
        else
          self->state.watching.push_back(promise);
        return promise;
      },
      [self](load_atom, const batch_id& id) {
        return std::make_shared<const outcome<batch_state>>(
            self->state.store->load(id));
      },
      [self](view_atom, const batch_id& id) {
        return std::make_shared<const outcome<batch_view>>(
            self->state.reader->snapshot(id));
      },
      [self](open_atom) {
        return std::make_shared<const outcome<std::vector<open_batch>>>(
            self->state.store->unfinished());
      },
      [self](recall_atom, const recall_ptr& what) {
        return std::make_shared<const outcome<std::vector<model_answer>>>(
            self->state.store->answers(what->first, what->second));
      },
  };
}

} // namespace vigie
