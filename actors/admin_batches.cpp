// ADMIN: batches, what is stored of them, the gates of their models.

#include "actors/admin.hpp"
#include "actors/admin_ask.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

/// FRONT's word on an order.
auto word_of_front(admin_state::promise_t promise) {
  return [promise](const done_ptr& how) mutable {
    if (*how)
      promise.deliver(admin_answer{});
    else
      promise.deliver(admin_refusal(how->why().detail));
  };
}

batch_row row_of(const batch_list_item& b) {
  batch_row r;
  r.id = b.id.text;
  r.status = to_string(b.status);
  r.stored_at = b.stored_at;
  r.files = b.file_count;
  r.progress = b.progress;
  r.score = b.normalized_score;
  r.gemini = b.gemini_status.value_or("");
  r.error = b.last_error.value_or("");
  return r;
}

} // namespace

std::vector<gate_row> gate_rows(const std::vector<gate_board>& all,
                                utc_time now) {
  std::vector<gate_row> out;
  for (auto& b : all) {
    gate_row r;
    r.model = b.model;
    r.state = b.state;
    r.reason = b.reason;
    r.opens_at = b.paused_until;
    if (b.paused_until)
      r.opens_in = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::max(*b.paused_until - now, utc_time::duration{0}));
    r.waiting = b.waiting;
    r.in_flight = b.in_flight;
    r.requests_in_window = b.requests_in_window;
    r.tokens_in_window = b.tokens_in_window;
    r.rpm = b.rpm;
    r.tpm = b.tpm;
    r.rpd = b.rpd;
    r.day_requests = b.day_requests;
    r.day_resets_at = b.day_resets_at;
    out.push_back(std::move(r));
  }
  return out;
}

admin_state::answer admin_state::batches(const std::vector<std::string>& w) {
  auto status = wish(w, "status");
  if (status != "all" && !parse_batch_status(status))
    return admin_refusal("no such status: " + status.substr(0, 64));
  auto promise = self->make_response_promise<admin_answer>();
  ask(
      *this, promise, args.clerk, args.answer_within, "the database",
      [promise](const page_ptr& found) mutable {
        if (!*found) {
          promise.deliver(admin_refusal(found->why().detail));
          return;
        }
        admin_answer out;
        for (auto& b : found->value().items)
          out.batches.push_back(row_of(b));
        out.more = found->value().next_cursor.has_value();
        promise.deliver(std::move(out));
      },
      list_atom_v, status, uint64_t{wish(w, "limit", most_batches)});
  return promise;
}

admin_state::answer admin_state::gemini() {
  if (!args.desk)
    return admin_answer{};
  auto promise = self->make_response_promise<admin_answer>();
  ask(
      *this, promise, args.desk, args.answer_within, "the Gemini desk",
      [this, promise](const boards_ptr& found) mutable {
        admin_answer out;
        out.gates = gate_rows(*found, args.now());
        promise.deliver(std::move(out));
      },
      stats_atom_v);
  return promise;
}

admin_state::answer admin_state::verify(const std::string& from) {
  auto promise = self->make_response_promise<admin_answer>();
  ask(
      *this, promise, args.inspector, args.verify_within, "the disk",
      [promise](const verified_ptr& found) mutable {
        if (!*found) {
          promise.deliver(admin_refusal(found->why().detail));
          return;
        }
        admin_answer out;
        out.verified = found->value();
        promise.deliver(std::move(out));
      },
      verify_atom_v, from);
  return promise;
}

// Late is not never: FRONT waits for its store, and for the stages of a batch
// that is cancelled, longer than an operator does.

admin_state::answer admin_state::cancel(const batch_id& batch) {
  auto promise = self->make_response_promise<admin_answer>();
  ask(*this, promise, args.front, args.answer_within,
      "no word that the batch has ended: it", word_of_front(promise),
      cancel_atom_v, batch);
  return promise;
}

admin_state::answer admin_state::retry(const batch_id& batch) {
  auto promise = self->make_response_promise<admin_answer>();
  ask(*this, promise, args.front, args.answer_within,
      "no word that the batch is at work: the store", word_of_front(promise),
      retry_atom_v, batch);
  return promise;
}

admin_state::answer admin_state::release(const batch_id& batch,
                                         const std::string& file) {
  if (file.empty())
    return admin_refusal("which file?");
  auto promise = self->make_response_promise<admin_answer>();
  ask(*this, promise, args.front, args.answer_within,
      "no word that the file is released: the store", word_of_front(promise),
      retry_atom_v, batch, file);
  return promise;
}

admin_state::answer admin_state::purge(const batch_id& batch,
                                       const std::string& file) {
  if (file.empty())
    return admin_refusal("which file?");
  auto promise = self->make_response_promise<admin_answer>();
  ask(*this, promise, args.front, args.answer_within,
      "no word that the file is purged: the store", word_of_front(promise),
      purge_atom_v, batch, file);
  return promise;
}

} // namespace vigie
