// FRONT: cancel, retry, delete. The store decides, in one transaction, whether
// a command still finds its batch as it must be; what follows in memory comes
// after the commit.

#include "actors/front.hpp"

#include "domain/stages.hpp"

#include <utility>

namespace vigie {

namespace {

using done_promise = caf::typed_response_promise<done_ptr>;

const problem no_answer{code::storage_down, "The store did not answer in time"};

void refuse(done_promise& told, problem why) {
  told.deliver(std::make_shared<const outcome<done>>(std::move(why)));
}

void accept(done_promise& told) {
  told.deliver(std::make_shared<const outcome<done>>(done{}));
}

event_draft status_only(utc_time now) {
  event_draft out;
  out.at = now;
  return out;
}

} // namespace

void front_state::command(change what, done_promise told,
                          std::function<void(const change_answer&)> then) {
  commit(std::move(what), [told, then = std::move(then)](
                              const outcome<change_answer>& answer) mutable {
    if (answer)
      then(answer.value());
    else
      refuse(told, answer.why());
  });
}

bool front_state::wait_if_leaving(const batch_id& id,
                                  std::function<void()> then) {
  auto i = leaving.find(id);
  if (i == leaving.end())
    return false;
  i->second.then.push_back(std::move(then));
  return true;
}

/// Of two ends the store takes the first: one that comes second is a duplicate.
void front_state::cancel(const batch_id& id, done_promise told) {
  if (wait_if_leaving(id, [=, this] { cancel(id, told); }))
    return;
  leaving[id];
  auto event = draft("pipeline:cancelled", args.now());
  event.status = batch_status::cancelled;
  change what{
      id, status_change{batch_status::cancelled, {}}, {std::move(event)}};
  auto fail = [this, id, told](problem why) mutable {
    refuse(told, std::move(why));
    release(id);
  };
  commit(std::move(what),
         [this, id, told, fail](const outcome<change_answer>& answer) mutable {
           if (!answer) {
             fail(answer.why());
           } else if (answer.value().how == applied::duplicate) {
             fail({code::batch_ended, "The batch has ended already"});
           } else {
             auto& then = leaving[id].then;
             then.insert(then.begin(), [told]() mutable { accept(told); });
             stop(id);
           }
         });
}

/// PIPELINE takes its stages along and goes last; WORKER_HUB and GEMINI_DESK
/// watch the stages and forget what they asked for.
void front_state::stop(const batch_id& id) {
  auto i = running.find(id);
  if (i == running.end()) {
    release(id);
    return;
  }
  leaving[id].stopped = true;
  self->send_exit(i->second, caf::exit_reason::user_shutdown);
}

void front_state::release(const batch_id& id) {
  if (auto gone = leaving.extract(id))
    for (auto& then : gone.mapped().then)
      then();
}

void front_state::retry(const batch_id& id, const batch_retry& how,
                        done_promise told) {
  if (draining) {
    refuse(told, {code::draining, "The server is stopping"});
    return;
  }
  if (wait_if_leaving(id, [=, this] { retry(id, how, told); }))
    return;
  self->request(args.store, args.wait.store, load_atom_v, id)
      .then(
          [this, how, told](const state_ptr& found) mutable {
            if (*found)
              retry(found->value(), how, told);
            else
              refuse(told, found->why());
          },
          [told](const caf::error&) mutable { refuse(told, no_answer); });
}

void front_state::retry(const batch_state& batch, const batch_retry& how,
                        done_promise told) {
  auto bytes = bytes_of(batch.files);
  if (auto why = room.refuses(batch.id, bytes, args.now())) {
    refuse(told, *why);
    return;
  }
  auto event = status_only(args.now());
  event.status = batch_status::processing;
  command({batch.id, how, {std::move(event)}}, told,
          [this, id = batch.id, bytes, told](const change_answer&) mutable {
            launch(id, bytes, false);
            accept(told);
          });
}

/// A name goes before an id, as for a release.
void front_state::purge(const batch_id& id, const std::string& named,
                        done_promise told) {
  if (wait_if_leaving(id, [=, this] { purge(id, named, told); }))
    return;
  auto found = [this, id, named, told](const batch_state& batch) mutable {
    const file_record* file = nullptr;
    for (auto& f : batch.files)
      if (f.filename == named
          || (file == nullptr && std::to_string(f.id.n) == named))
        file = &f;
    if (file == nullptr)
      return refuse(told,
                    {code::no_such_file, "The batch holds no file " + named});
    auto event =
        draft("file:purged", args.now(), {{"document", file->filename}});
    command({id, file_purge{file->id}, {std::move(event)}}, told,
            [told](const change_answer&) mutable { accept(told); });
  };
  self->request(args.store, args.wait.store, load_atom_v, id)
      .then(
          [found, told](const state_ptr& state) mutable {
            if (*state)
              found(state->value());
            else
              refuse(told, state->why());
          },
          [told](const caf::error&) mutable { refuse(told, no_answer); });
}

void front_state::erase(const batch_id& id, done_promise told) {
  if (wait_if_leaving(id, [=, this] { erase(id, told); }))
    return;
  auto event = status_only(args.now());
  event.deleted = true;
  command({id, erasure{}, {std::move(event)}}, told,
          [told](const change_answer&) mutable { accept(told); });
}

} // namespace vigie
