#include "actors/front.hpp"

#include "actors/metered.hpp"
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

change collapse(const batch_id& id, utc_time now) {
  auto words = std::string{"Le traitement a rencontré une erreur interne."};
  auto event = draft("pipeline:error", now, {{"message", words}});
  event.status = batch_status::failed;
  event.error = words;
  return {id, status_change{batch_status::failed, words}, {std::move(event)}};
}

} // namespace

uint64_t bytes_of(const std::vector<file_record>& files) {
  uint64_t sum = 0;
  for (auto& f : files)
    sum += f.size_bytes;
  return sum;
}

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

done_ptr front_state::arrive(uint64_t bytes, bool first) {
  outcome<done> answer = done{};
  if (draining)
    answer = problem{code::draining, "The server is stopping"};
  else if (auto why = room.arrive(bytes, first, args.now()))
    answer = *why;
  return std::make_shared<const outcome<done>>(std::move(answer));
}

void front_state::take_in(const new_batch_ptr& posted,
                          caf::typed_response_promise<submitted_ptr> promise) {
  auto& batch = *posted;
  auto bytes = bytes_of(batch.files);
  if (running.count(batch.id) == 0)
    room.begin(batch.id, bytes);
  auto not_begun = [this, id = batch.id] {
    if (running.count(id) == 0)
      room.leave(id);
  };
  self->request(args.store, args.wait.store, commit_atom_v,
                std::make_shared<const change>(reception(batch)))
      .then(
          [this, id = batch.id, bytes, not_begun,
           promise](const answer_ptr& answer) mutable {
            if (!*answer) {
              not_begun();
              promise.deliver(refuse(answer->why()));
              return;
            }
            auto how = answer->value().how;
            if (how == applied::duplicate)
              not_begun();
            else
              launch(id, bytes, false);
            promise.deliver(
                std::make_shared<const outcome<submitted>>(submitted{how}));
          },
          [not_begun, promise](const caf::error&) mutable {
            not_begun();
            promise.deliver(refuse(
                {code::storage_down, "The store did not answer in time"}));
          });
}

void front_state::launch(const batch_id& id, uint64_t bytes, bool resumed) {
  if (draining)
    return; // it is durable: the next start takes it up
  room.begin(id, bytes);
  auto child = spawn_metered(self, batch_tag(id, resumed), pipeline, id, args);
  self->monitor(child);
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
    room.end(id, args.now());
    gone();
    if (auto k = leaving.find(id); k != leaving.end() && k->second.stopped) {
      release(id);
      return;
    }
  }
  if (down.reason == caf::exit_reason::normal
      || down.reason == caf::exit_reason::user_shutdown
      || down.reason == caf::exit_reason::kill)
    return; // done, or the server is stopping: the next start resumes it
  // Infinite: a full disk is waited out.
  self->request(args.store, caf::infinite, persist_atom_v,
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
          [this, promise](const open_ptr& open) mutable {
            if (!*open) {
              promise.deliver(
                  caf::make_error(caf::sec::runtime_error, open->why().detail));
              return;
            }
            for (auto& batch : open->value())
              launch(batch.id, batch.bytes, true);
            promise.deliver(uint64_t{open->value().size()});
          },
          [promise](const caf::error& e) mutable { promise.deliver(e); });
}

void front_state::ready(caf::typed_response_promise<done_ptr> promise) {
  auto say = [promise](const outcome<done>& x) mutable {
    promise.deliver(std::make_shared<const outcome<done>>(x));
  };
  if (draining)
    return say(problem{code::draining, "The server is stopping"});
  self->request(args.store, std::chrono::seconds{4}, ready_atom_v)
      .then(
          [this, say](bool has_room) mutable {
            if (!has_room)
              say(problem{code::disk_full,
                          "The disk is full: work waits for room"});
            else if (room.full())
              say(problem{code::busy, "Too many unfinished batches"});
            else
              say(done{});
          },
          [say](const caf::error&) mutable {
            say(problem{code::storage_down, "The store does not answer"});
          });
}

} // namespace vigie
