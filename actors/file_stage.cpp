#include "actors/file_stage.hpp"

#include "domain/stages.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

bool is_image(const ticket& t) {
  return t.file.content_type.starts_with("image/");
}

/// Event code for this stage, or nothing where the stage works in silence.
std::string_view spoken(const ticket& t, stage what, std::string_view suffix) {
  if (what == stage::vision && is_image(t))
    return suffix == "start" ? "vision:start" : "vision:complete";
  if (what == stage::text)
    return suffix == "start"   ? "ocr:start"
           : suffix == "error" ? "ocr:error"
                               : "ocr:complete";
  return {};
}

event_draft told(const ticket& t, stage what, std::string_view event_code,
                 std::size_t finished, utc_time now) {
  auto event = draft(event_code, now, {{"document", t.file.filename}});
  event.technical = {{"position", static_cast<int64_t>(t.position)},
                     {"total", static_cast<int64_t>(t.total)}};
  event.progress = what == stage::vision ? between(25, 45, finished, t.total)
                                         : between(45, 70, finished, t.total);
  return event;
}

std::vector<event_draft> ending(const ticket& t, const file_stage_args& args,
                                const analysis_result& result, bool broken,
                                std::size_t finished) {
  std::vector<event_draft> events;
  auto failed = !result.ok && args.what == stage::text;
  auto event_code = spoken(t, args.what, failed ? "error" : "complete");
  if (!event_code.empty()) {
    auto event = told(t, args.what, event_code, finished, args.now());
    if (!result.ok) {
      event.kind = event_kind::warning;
      event.details["error"] = result.error_code;
      event.details["message"] = result.error_message;
    }
    events.push_back(std::move(event));
  }
  if (broken)
    events.push_back(draft("file:quarantined", args.now(),
                           {{"document", t.file.filename},
                            {"stage", std::string{to_string(args.what)}},
                            {"message", result.error_message}}));
  return events;
}

} // namespace

analysis_job job_for(const batch_id& batch, const file_record& file,
                     stage what) {
  analysis_job job;
  job.batch = batch;
  job.file = file.id;
  job.what = what;
  job.path = file.stored_path;
  job.filename = file.filename;
  job.content_type = file.content_type;
  job.sha256 = file.sha256;
  job.bytes = file.size_bytes;
  return job;
}

event_draft waiting_for_node(const std::string& what, utc_time now) {
  auto event = draft("worker:waiting", now, {{"warning", "no-worker"}});
  if (!what.empty()) {
    event.details["warning"] = "no-capable-worker";
    event.details["needs"] = what;
  }
  return event;
}

void file_stage_state::pump() {
  while (!draining && !waiting.empty() && at_work < args.window) {
    auto t = waiting.front();
    waiting.pop_front();
    auto stands = std::find(t->done.begin(), t->done.end(), args.what);
    if (t->quarantined || stands != t->done.end()) {
      ++finished;
      pass_on(t);
    } else {
      ++at_work;
      begin(t);
    }
  }
}

void file_stage_state::begin(const ticket_ptr& t) {
  if (auto start = spoken(*t, args.what, "start"); !start.empty()) {
    auto said = std::make_shared<const change>(
        change{t->batch,
               nothing{},
               {told(*t, args.what, start, finished, args.now())}});
    // Infinite: a full disk is waited out.
    self->request(args.store, caf::infinite, persist_atom_v, said)
        .then([](const answer_ptr&) {}, [](const caf::error&) {});
  }
  // Infinite: work waits in the hub as long as no slot is there, and a hub
  // that dies takes the server down with it.
  self->request(args.hub, caf::infinite, work_atom_v,
                job_for(t->batch, t->file, args.what))
      .then([this, t](const analysis_result& result) { store(t, result); });
}

void file_stage_state::store(const ticket_ptr& t,
                             const analysis_result& result) {
  auto broken = !result.ok && result.error_code == broken_code;
  ++finished;
  auto what = file_result{t->file.id,   args.what, t->file.sha256,
                          result.token, result,    broken};
  auto events = ending(*t, args, result, broken, finished);
  auto after = std::make_shared<ticket>(*t);
  after->quarantined = broken;
  if (result.metadata)
    after->has_metadata = result.metadata->captured_at || result.metadata->gps
                          || result.metadata->camera;
  if (result.perceptual_hash)
    after->perceptual_hash = result.perceptual_hash;
  // Infinite: a full disk is waited out.
  self->request(args.store, caf::infinite, persist_atom_v,
                std::make_shared<const change>(
                    change{t->batch, std::move(what), std::move(events)}))
      .then([this, after](const answer_ptr& answer) {
        if (!*answer) {
          self->quit(
              caf::make_error(caf::sec::runtime_error, answer->why().detail));
          return;
        }
        --at_work;
        pass_on(after);
        pump();
      });
}

void file_stage_state::pass_on(const ticket_ptr& t) {
  if (args.next)
    self->send(args.next, ticket_atom_v, t);
  else
    self->send(args.owner, ticket_atom_v, t, args.what);
}

/// Once per life of the stage: what waits now waits for the same.
void file_stage_state::tell_waiting(const std::string& what) {
  if (std::exchange(told_waiting, true) || !batch)
    return;
  self->request(args.store, args.wait.store, commit_atom_v,
                std::make_shared<const change>(change{
                    *batch, nothing{}, {waiting_for_node(what, args.now())}}))
      .then([](const answer_ptr&) {}, [](const caf::error&) {});
}

file_stage_actor::behavior_type
file_stage(file_stage_actor::stateful_pointer<file_stage_state> self,
           file_stage_args args) {
  self->state.self = self;
  self->state.args = std::move(args);
  return {
      [self](ticket_atom, const ticket_ptr& t) {
        self->state.batch = t->batch;
        self->state.waiting.push_back(t);
        self->state.pump();
      },
      [self](waits_atom, const std::string& what) {
        self->state.tell_waiting(what);
      },
      [self](drain_atom) { self->state.draining = true; },
  };
}

} // namespace vigie
