#include "actors/front.hpp"

#include "domain/stages.hpp"

#include <utility>

namespace vigie {

namespace {

submitted_ptr refuse(code id, std::string detail) {
  return std::make_shared<const outcome<submitted>>(
      problem{id, std::move(detail)});
}

change reception(const new_batch& batch) {
  auto received =
      draft("ingestion:received", batch.created_at,
            {{"fileCount", static_cast<int64_t>(batch.files.size())}});
  received.status = batch_status::processing;
  return {batch.id, batch, {std::move(received)}};
}

change collapse(const batch_id& id, utc_time now) {
  auto words = std::string{"Le traitement a rencontré une erreur interne."};
  auto event = draft("pipeline:error", now, {{"message", words}});
  event.status = batch_status::failed;
  event.error = words;
  return {id, status_change{batch_status::failed, words}, {std::move(event)}};
}

} // namespace

void front_state::submit(const new_batch_ptr& posted,
                         caf::typed_response_promise<submitted_ptr> promise) {
  auto& batch = *posted;
  if (wait_if_leaving(batch.id, [=, this] { submit(posted, promise); }))
    return;
  auto known = running.count(batch.id) > 0;
  if (!known && running.size() + arriving >= most_unfinished) {
    promise.deliver(refuse(code::busy, "Too many unfinished batches: the limit "
                                       "is "
                                           + std::to_string(most_unfinished)));
    return;
  }
  ++arriving;
  self->request(args.store, args.wait.store, commit_atom_v,
                std::make_shared<const change>(reception(batch)))
      .then(
          [this, id = batch.id, promise](const answer_ptr& answer) mutable {
            --arriving;
            if (!*answer) {
              promise.deliver(refuse(answer->why().id, answer->why().detail));
              return;
            }
            auto how = answer->value().how;
            if (how != applied::duplicate)
              launch(id, false);
            promise.deliver(
                std::make_shared<const outcome<submitted>>(submitted{how}));
          },
          [this, promise](const caf::error&) mutable {
            --arriving;
            promise.deliver(
                refuse(code::storage_down, "The store did not answer in time"));
          });
}

void front_state::launch(const batch_id& id, bool resumed) {
  auto child = self->spawn<caf::monitored>(pipeline, id, args);
  names.emplace(child.address(), id);
  running.insert_or_assign(id, child);
  self->send(child, begin_atom_v, resumed);
}

void front_state::ended(const caf::down_msg& down) {
  auto i = names.find(down.source);
  if (i == names.end())
    return;
  auto id = i->second;
  names.erase(i);
  if (auto j = running.find(id);
      j != running.end() && j->second.address() == down.source) {
    running.erase(j);
    if (auto k = leaving.find(id); k != leaving.end() && k->second.stopped) {
      release(id);
      return;
    }
  }
  if (down.reason == caf::exit_reason::normal
      || down.reason == caf::exit_reason::user_shutdown
      || down.reason == caf::exit_reason::kill)
    return; // done, or the server is stopping: the next start resumes it
  self->request(args.store, args.wait.store, commit_atom_v,
                std::make_shared<const change>(collapse(id, args.now())))
      .then([](const answer_ptr&) {},
            [](const caf::error&) {
              // The store is gone too: the batch stays `processing` and the
              // next start takes it up again.
            });
}

void front_state::resume(caf::typed_response_promise<uint64_t> promise) {
  self->request(args.store, args.wait.store, open_atom_v)
      .then(
          [this, promise](const ids_ptr& ids) mutable {
            if (!*ids) {
              promise.deliver(
                  caf::make_error(caf::sec::runtime_error, ids->why().detail));
              return;
            }
            for (auto& id : ids->value())
              launch(id, true);
            promise.deliver(uint64_t{ids->value().size()});
          },
          [promise](const caf::error& e) mutable { promise.deliver(e); });
}

front_actor::behavior_type
front(front_actor::stateful_pointer<front_state> self, pipeline_args args,
      std::size_t most_unfinished) {
  auto& st = self->state;
  st.self = self;
  st.args = std::move(args);
  st.most_unfinished = most_unfinished;
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
        self->state.retry(id, told);
        return told;
      },
      [self](erase_atom, const batch_id& id) {
        auto told = self->make_response_promise<done_ptr>();
        self->state.erase(id, told);
        return told;
      },
      [self](ready_atom) {
        return self->state.running.size() < self->state.most_unfinished;
      },
  };
}

} // namespace vigie
