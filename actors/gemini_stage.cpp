#include "actors/gemini_stage.hpp"

#include "domain/stages.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

caf::error fatal(const problem& why) {
  return caf::make_error(caf::sec::runtime_error, why.detail);
}

} // namespace

void gemini_stage_state::commit(
    change what, std::function<void(const change_answer&)> then) {
  // Infinite: a full disk is waited out.
  self->request(args.store, caf::infinite, persist_atom_v,
                std::make_shared<const change>(std::move(what)))
      .then([this, then = std::move(then)](const answer_ptr& answer) {
        if (*answer)
          then(answer->value());
        else
          self->quit(fatal(answer->why()));
      });
}

void gemini_stage_state::wake() {
  if (args.already) {
    self->send(args.owner, ticket_atom_v, ticket_ptr{}, stage::gemini);
    return;
  }
  if (!args.plan->enabled) {
    finish_without("disabled", {}, false);
    return;
  }
  // Infinite: a slow store ends no batch.
  self->request(args.store, caf::infinite, view_atom_v, args.id)
      .then([this](const view_ptr& view) {
        if (*view)
          look(view->value());
        else
          self->quit(fatal(view->why()));
      });
}

void gemini_stage_state::look(const batch_view& view) {
  for (auto& f : view.files)
    if (f.content_type.starts_with("image/")
        && f.status != file_status::quarantined
        && f.status != file_status::failed)
      images.push_back(f);
  if (images.empty()) {
    finish_without("skipped", {"gemini-no-image"}, false);
    return;
  }
  if (!args.plan->has_key) {
    finish_without("skipped", {"gemini-missing-api-key"}, true);
    return;
  }
  auto start = draft("gemini:start", args.now(),
                     {{"imageCount", static_cast<int64_t>(images.size())}});
  if (args.run) {
    go_on();
    return;
  }
  auto begun = beginning(*args.plan, "pipeline:auto", args.now());
  run = begun.run;
  commit({args.id, std::move(begun), {std::move(start)}},
         [this](const change_answer& a) {
           run.record = a.record.value_or(0);
           recall_answers();
         });
}

void gemini_stage_state::go_on() {
  run = resumed(*args.run, args.plan->budget, args.now());
  if (run.deadline != args.run->deadline)
    keep_progress(); // the summary reads it
  recall_answers();
}

void gemini_stage_state::finish_without(std::string status,
                                        std::vector<std::string> warnings,
                                        bool say) {
  gemini_result result;
  auto& r = result.record;
  r.status = status;
  r.model = args.plan->models.empty() ? "" : args.plan->models.front();
  r.warnings = std::move(warnings);
  r.requested_by = args.run ? args.run->requested_by : "pipeline:auto";
  r.created_at = args.now();
  result.run = args.run;
  std::vector<event_draft> events;
  if (say) {
    auto event = draft("gemini:complete", args.now(),
                       {{"status", status},
                        {"imageCount", static_cast<int64_t>(images.size())},
                        {"warning", r.warnings.front()}});
    event.kind = event_kind::warning;
    events.push_back(std::move(event));
  }
  commit({args.id, std::move(result), std::move(events)},
         [this](const change_answer&) {
           self->send(args.owner, ticket_atom_v, ticket_ptr{}, stage::gemini);
         });
}

void gemini_stage_state::recall_answers() {
  recall what;
  what.first = args.plan->image.hash;
  for (auto& f : images)
    what.second.push_back(f.sha256);
  self->request(args.store, caf::infinite, recall_atom_v,
                std::make_shared<const recall>(std::move(what)))
      .then([this](const answers_ptr& found) {
        if (*found)
          ask_all(found->value());
        else
          self->quit(fatal(found->why()));
      });
}

void gemini_stage_state::ask_all(const std::vector<model_answer>& known) {
  auto& models = args.plan->models;
  std::vector<file_record> missing;
  std::vector<image_outcome> paid_for;
  for (auto& f : images) {
    auto paid = std::find_if(known.begin(), known.end(), [&](auto& a) {
      return a.input_hash == f.sha256
             && std::find(models.begin(), models.end(), a.model)
                    != models.end();
    });
    if (paid == known.end()) {
      missing.push_back(f);
      continue;
    }
    model_told told;
    told.answered = true;
    told.answer = *paid;
    paid_for.push_back({f, std::move(told)});
  }
  // After a restart: what was sent in vain, shared among what is left.
  auto in_vain = run.attempts - static_cast<int64_t>(paid_for.size());
  if (!missing.empty() && in_vain > 0)
    sends_before =
        static_cast<int>(in_vain / static_cast<int64_t>(missing.size()));
  for (auto& f : missing)
    prepare(f);
  for (auto& o : paid_for)
    got(o.file, std::move(o.told));
}

gemini_stage_actor::behavior_type
gemini_stage(gemini_stage_actor::stateful_pointer<gemini_stage_state> self,
             gemini_stage_args args) {
  self->state.self = self;
  self->state.args = std::move(args);
  if (self->state.args.run)
    self->state.run = *self->state.args.run;
  return {
      [self](closing_atom) { self->state.wake(); },
      [self](held_atom, const held_ptr& h) { self->state.held(*h); },
      [self](sent_atom) { self->state.sent(); },
      [self](waits_atom, const std::string& what) {
        auto& st = self->state;
        if (!std::exchange(st.told_waiting, true))
          st.commit(
              {st.args.id, nothing{}, {waiting_for_node(what, st.args.now())}},
              [](const change_answer&) {});
      },
  };
}

} // namespace vigie
