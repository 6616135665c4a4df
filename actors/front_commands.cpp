// FRONT: cancel, retry, delete. The store decides, in one transaction, whether
// a command still finds its batch as it must be; what follows in memory comes
// after the commit.

#include "actors/front.hpp"

#include "domain/stages.hpp"

#include <utility>

namespace vigie {

namespace {

using done_promise = caf::typed_response_promise<done_ptr>;

void refuse(done_promise& told, code id, std::string detail) {
  told.deliver(
      std::make_shared<const outcome<done>>(problem{id, std::move(detail)}));
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
  self->request(args.store, args.wait.store, commit_atom_v,
                std::make_shared<const change>(std::move(what)))
      .then(
          [told, then = std::move(then)](const answer_ptr& answer) mutable {
            if (*answer)
              then(answer->value());
            else
              refuse(told, answer->why().id, answer->why().detail);
          },
          [told](const caf::error&) mutable {
            refuse(told, code::storage_down,
                   "The store did not answer in time");
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
  auto fail = [this, id, told](code why, std::string detail) mutable {
    refuse(told, why, std::move(detail));
    release(id);
  };
  self->request(args.store, args.wait.store, commit_atom_v,
                std::make_shared<const change>(std::move(what)))
      .then(
          [this, id, told, fail](const answer_ptr& answer) mutable {
            if (!*answer) {
              fail(answer->why().id, answer->why().detail);
            } else if (answer->value().how == applied::duplicate) {
              fail(code::batch_ended, "The batch has ended already");
            } else {
              auto& then = leaving[id].then;
              then.insert(then.begin(), [told]() mutable { accept(told); });
              stop(id);
            }
          },
          [fail](const caf::error&) mutable {
            fail(code::storage_down, "The store did not answer in time");
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

void front_state::retry(const batch_id& id, done_promise told) {
  if (wait_if_leaving(id, [=, this] { retry(id, told); }))
    return;
  if (running.count(id) == 0 && running.size() + arriving >= most_unfinished) {
    refuse(told, code::busy,
           "Too many unfinished batches: the limit is "
               + std::to_string(most_unfinished));
    return;
  }
  auto event = status_only(args.now());
  event.status = batch_status::processing;
  command({id, batch_retry{}, {std::move(event)}}, told,
          [this, id, told](const change_answer&) mutable {
            launch(id, false);
            accept(told);
          });
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
