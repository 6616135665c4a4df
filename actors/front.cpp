#include "actors/front.hpp"

#include "actors/metered.hpp"
#include "domain/stages.hpp"

#include <utility>

namespace vigie {

namespace {

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

done_ptr front_state::arrive(uint64_t bytes, bool first) {
  outcome<done> answer = done{};
  if (draining)
    answer = problem{code::draining, "The server is stopping"};
  else if (auto why = room.arrive(bytes, first, args.now()))
    answer = *why;
  return std::make_shared<const outcome<done>>(std::move(answer));
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
  if (log)
    log({"batch failed: " + to_string(down.reason),
         {{"batch", id.text}},
         log_level::error});
  collapsing.insert(id);
  // Infinite: a full disk is waited out. Without an answer the batch stays
  // `processing`: the next start takes it up, or a POST of the same.
  auto over = [this, id](auto&&) { collapsing.erase(id); };
  self->request(args.store, caf::infinite, persist_atom_v,
                std::make_shared<const change>(collapse(id, args.now())))
      .then([over](const answer_ptr& x) { over(x); },
            [over](const caf::error& e) { over(e); });
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
