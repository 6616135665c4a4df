#include "actors/broadcaster.hpp"

#include <utility>

namespace vigie {

/// What came in while the last events went out to a thousand readers goes out
/// as one: a system call for each of them, not one for each event.
void broadcaster_state::take(const std::vector<committed_event>& events) {
  if (fresh.empty())
    self->send(self, flush_atom_v); // queues behind what the mailbox holds
  fresh.insert(fresh.end(), events.begin(), events.end());
}

void broadcaster_state::flush() {
  if (auto events = std::exchange(fresh, {}); !events.empty())
    announce(events);
}

/// Nobody listens: nothing to look at, and no reason to wake up.
void broadcaster_state::tick_soon() {
  if (!clients.empty() && !std::exchange(ticking, true))
    self->delayed_send(self, std::chrono::seconds{1}, caf::tick_atom_v);
}

caf::behavior broadcaster(caf::io::stateful_broker<broadcaster_state>* self,
                          stream_rules rules, replayer_actor replayer,
                          int64_t last) {
  auto& st = self->state;
  st.self = self;
  st.rules = rules;
  st.replayer = std::move(replayer);
  st.last = last;
  return {
      [self](adopt_atom, const socket_ptr& socket) {
        self->state.adopt(*socket);
      },
      [self](announce_atom, const events_ptr& events) {
        self->state.take(*events);
      },
      [self](flush_atom) { self->state.flush(); },
      [self](const caf::io::data_transferred_msg& m) {
        self->state.sent(m.handle, m.remaining);
      },
      [](const caf::io::new_data_msg&) {}, // SSE clients have nothing to say
      [self](const caf::io::connection_closed_msg& m) {
        self->state.clients.erase(m.handle);
        self->state.tell_if_alone();
      },
      [self](drain_atom) {
        auto promise = self->make_response_promise<bool>();
        self->state.told.push_back(promise);
        self->state.flush();
        self->state.say_goodbye();
        return promise;
      },
      [self](caf::tick_atom) {
        self->state.ticking = false;
        self->state.tick();
        self->state.tick_soon();
      },
      [self](stats_atom) {
        stream_stats out{self->state.clients.size(), 0, self->state.cut,
                         self->state.told_events};
        for (auto& [h, c] : self->state.clients)
          out.pending_bytes += c.pending;
        return out;
      },
  };
}

replayer_actor::behavior_type replayer(replayer_actor::pointer,
                                       std::shared_ptr<batch_reader> reader,
                                       std::shared_ptr<access_book> access) {
  return {
      [reader = std::move(reader)](replay_atom, int64_t after) {
        constexpr std::size_t slice = 500;
        return std::make_shared<const outcome<log_slice>>(
            reader->events_after(after, slice));
      },
      [access = std::move(access)](rights_atom, const keys_ptr& keys) {
        auto ended = access->ended(*keys, utc_now());
        return std::make_shared<const std::vector<std::string>>(
            ended ? std::move(ended).value() : std::vector<std::string>{});
      },
  };
}

} // namespace vigie
