// FRONT: a batch comes in. The store decides what it is; what follows in memory
// comes after the commit.

#include "actors/front.hpp"

#include "domain/stages.hpp"

#include <utility>

namespace vigie {

namespace {

submitted_ptr refuse(problem why) {
  return std::make_shared<const outcome<submitted>>(std::move(why));
}

change reception(const new_batch& batch) {
  auto received =
      draft("ingestion:received", batch.created_at,
            {{"fileCount", static_cast<int64_t>(batch.files.size())}});
  received.status = batch_status::processing;
  return {batch.id, batch, {std::move(received)}};
}

} // namespace

void front_state::submit(const new_batch_ptr& posted,
                         caf::typed_response_promise<submitted_ptr> promise) {
  auto& batch = *posted;
  if (draining) {
    promise.deliver(refuse({code::draining, "The server is stopping"}));
    return;
  }
  if (wait_if_leaving(batch.id, [=, this] { submit(posted, promise); }))
    return;
  if (auto why = room.refuses(batch.id, bytes_of(batch.files), args.now()))
    answer_when_full(posted, *why, promise);
  else
    take_in(posted, promise);
}

/// What is known and needs no work is answered all the same.
void front_state::answer_when_full(
    const new_batch_ptr& posted, problem busy,
    caf::typed_response_promise<submitted_ptr> promise) {
  self->request(args.store, args.wait.store, load_atom_v, posted->id)
      .then(
          [this, posted, busy, promise](const state_ptr& found) mutable {
            if (*found
                && (found->value().status == batch_status::completed
                    || found->value().status == batch_status::processing))
              take_in(posted, promise);
            else
              promise.deliver(refuse(busy));
          },
          [busy, promise](const caf::error&) mutable {
            promise.deliver(refuse(busy));
          });
}

/// Infinite: whoever asked has a deadline of his own, and what the store says
/// late is true all the same: what it took in begins.
void front_state::commit(change what, store_answer then) {
  self->request(args.store, caf::infinite, commit_atom_v,
                std::make_shared<const change>(std::move(what)))
      .then([then](const answer_ptr& answer) { then(*answer); },
            [then](const caf::error&) {
              then(problem{code::storage_down, "The store does not answer"});
            });
}

void front_state::take_in(const new_batch_ptr& posted,
                          caf::typed_response_promise<submitted_ptr> promise) {
  auto bytes = bytes_of(posted->files);
  if (running.count(posted->id) == 0)
    room.begin(posted->id, bytes);
  commit(reception(*posted), [this, id = posted->id, bytes, promise](
                                 const outcome<change_answer>& answer) mutable {
    if (!answer) {
      not_begun(id);
      promise.deliver(refuse(answer.why()));
      return;
    }
    auto how = answer.value().how;
    auto tell = [promise, how]() mutable {
      promise.deliver(
          std::make_shared<const outcome<submitted>>(submitted{how}));
    };
    if (how == applied::duplicate) {
      take_up(id, bytes, tell);
    } else {
      launch(id, bytes, false);
      tell();
    }
  });
}

void front_state::not_begun(const batch_id& id) {
  if (running.count(id) == 0)
    room.leave(id);
}

/// Posted again. If the store has it at work and nobody here is at it, it
/// begins.
void front_state::take_up(const batch_id& id, uint64_t bytes,
                          std::function<void()> then) {
  if (running.count(id) > 0)
    return then();
  self->request(args.store, args.wait.store, load_atom_v, id)
      .then(
          [this, id, bytes, then](const state_ptr& found) {
            auto idle =
                running.count(id) + leaving.count(id) + collapsing.count(id)
                == 0;
            if (idle && *found
                && found->value().status == batch_status::processing)
              launch(id, bytes, true);
            else
              not_begun(id);
            then();
          },
          [this, id, then](const caf::error&) {
            not_begun(id);
            then();
          });
}

} // namespace vigie
