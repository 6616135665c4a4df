// FRONT: what it answers to.

#include "actors/front.hpp"

#include <utility>

namespace vigie {

front_actor::behavior_type
front(front_actor::stateful_pointer<front_state> self, front_args args) {
  auto& st = self->state;
  st.self = self;
  st.args = std::move(args.pipelines);
  st.log = std::move(args.log);
  st.room = admission{args.limits};
  self->set_down_handler(
      [self](const caf::down_msg& down) { self->state.ended(down); });
  self->set_exit_handler([self](caf::exit_msg& m) {
    for (auto& [id, child] : self->state.running)
      self->send_exit(child, caf::exit_reason::user_shutdown);
    self->quit(std::move(m.reason));
  });
  return {
      [self](submit_atom, const new_batch_ptr& batch) {
        auto promise = self->make_response_promise<submitted_ptr>();
        self->state.submit(batch, promise);
        return promise;
      },
      [self](begin_atom) {
        auto promise = self->make_response_promise<uint64_t>();
        self->state.resume(promise);
        return promise;
      },
      [self](rerun_atom, const batch_id& id, const std::string& by) {
        auto promise = self->make_response_promise<record_ptr>();
        self->state.rerun(id, by, promise);
        return promise;
      },
      [self](cancel_atom, const batch_id& id) {
        auto told = self->make_response_promise<done_ptr>();
        self->state.cancel(id, told);
        return told;
      },
      [self](retry_atom, const batch_id& id) {
        auto told = self->make_response_promise<done_ptr>();
        self->state.retry(id, {}, told);
        return told;
      },
      [self](retry_atom, const batch_id& id, const std::string& file) {
        auto told = self->make_response_promise<done_ptr>();
        self->state.retry(id, {file}, told);
        return told;
      },
      [self](purge_atom, const batch_id& id, const std::string& file) {
        auto told = self->make_response_promise<done_ptr>();
        self->state.purge(id, file, told);
        return told;
      },
      [self](erase_atom, const batch_id& id) {
        auto told = self->make_response_promise<done_ptr>();
        self->state.erase(id, told);
        return told;
      },
      [self](ready_atom) {
        auto promise = self->make_response_promise<done_ptr>();
        self->state.ready(promise);
        return promise;
      },
      [self](stats_atom) {
        auto& room = self->state.room;
        return front_stats{room.batches(), room.bytes(), room.arriving()};
      },
      [self](arrive_atom, uint64_t bytes, bool first) {
        return self->state.arrive(bytes, first);
      },
      [self](depart_atom, uint64_t bytes) { self->state.room.depart(bytes); },
      [self](drain_atom, caf::timespan bound) {
        auto told = self->make_response_promise<bool>();
        self->state.drain(bound, told);
        return told;
      },
      [self](caf::tick_atom) { self->state.look(); },
  };
}

} // namespace vigie
