// The second half of PIPELINE: what follows once every file is through, and
// how it goes.

#include "actors/gemini_stage.hpp"
#include "actors/metered.hpp"
#include "actors/pipeline.hpp"

#include "domain/duplicates.hpp"
#include "domain/stages.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

void pipeline_state::all_joined() {
  if (batch.joined) {
    ask_gemini();
    return;
  }
  look([this](const batch_view& view) { write_join(view); });
}

void pipeline_state::write_join(const batch_view& view) {
  std::sort(joined.begin(), joined.end(),
            [](auto& a, auto& b) { return a->position < b->position; });
  std::vector<image_print> prints;
  for (auto& t : joined)
    if (t->file.content_type.starts_with("image/"))
      prints.push_back({t->file.filename, t->file.sha256, t->perceptual_hash});
  auto found = find_duplicates(prints, args.now());
  auto count = static_cast<int64_t>(view.observations.size() + found.size());
  auto event =
      draft("analysis:complete", args.now(), {{"observationCount", count}});
  commit({id, join_result{std::move(found)}, {std::move(event)}},
         [this] { ask_gemini(); });
}

void pipeline_state::ask_gemini() {
  if (draining)
    return;
  gemini_stage_args base;
  base.id = id;
  base.store = args.store;
  base.hub = args.hub;
  base.owner = pipeline_actor{self};
  base.plan = args.plan;
  base.wait = args.wait;
  base.now = args.now;
  base.root = args.root;
  base.run = batch.run;
  base.already = stands(stage::gemini);
  gemini = spawn_metered(self, tag_below(self, actor_kind::gemini),
                         gemini_stage, std::move(base));
  self->link_to(gemini);
  children.push_back(caf::actor_cast<caf::actor>(gemini));
  self->send(gemini, closing_atom_v);
}

void pipeline_state::gemini_done() {
  if (!args.plan->required) {
    close();
    return;
  }
  look([this](const batch_view& view) {
    auto status = view.gemini_status.value_or("failed");
    if (status == "quota_exceeded")
      give_up("L'analyse Gemini est obligatoire et son quota est épuisé.");
    else if (status == "failed")
      give_up("L'analyse Gemini est obligatoire et elle a échoué.");
    else if (status == "skipped" && !args.plan->has_key)
      give_up("L'analyse Gemini est obligatoire et sa clé manque.");
    else
      close();
  });
}

void pipeline_state::give_up(const std::string& words) {
  auto event = draft("pipeline:error", args.now(), {{"message", words}});
  event.status = batch_status::failed;
  event.error = words;
  commit({id, status_change{batch_status::failed, words}, {std::move(event)}},
         [this] { end({}); });
}

void pipeline_state::close() {
  if (draining)
    return;
  closing_args base;
  base.id = id;
  base.store = args.store;
  base.printer = args.printer;
  base.wait = args.wait;
  base.now = args.now;
  base.weights = args.weights;
  base.plan = args.plan;
  base.gemini = gemini;
  base.next = closing_actor{pipeline_actor{self}};
  auto spawn = [&](auto factory, stage what) {
    base.already = stands(what);
    auto child =
        spawn_metered(self, tag_below(self, kind_of(what)), factory, base);
    self->link_to(child);
    children.push_back(caf::actor_cast<caf::actor>(child));
    closing.push_back(child);
    base.next = child;
    return child;
  };
  spawn(report_stage, stage::report);
  spawn(summary_stage, stage::summary);
  self->send(spawn(scoring_stage, stage::scoring), closing_atom_v);
}

void pipeline_state::finish() {
  look([this](const batch_view& view) {
    auto hash = view.report_hash.value_or("");
    auto event = draft("report:available", args.now(), {{"hash", hash}});
    event.status = batch_status::completed;
    event.report_hash = hash;
    event.report_url = "/api/v1/ingestion/reports/" + id.text;
    commit({id, status_change{batch_status::completed, {}}, {std::move(event)}},
           [this] { end({}); });
  });
}

void pipeline_state::drain() {
  draining = true;
  for (auto& child : {first, second, third})
    if (child)
      self->send(child, drain_atom_v);
  for (auto& child : closing)
    self->send(child, drain_atom_v);
}

void pipeline_state::end(caf::error why) {
  if (ending)
    return;
  ending = std::move(why);
  alive = pipeline_actor{self};
  // Stages hold our handle and we hold theirs: without this nobody would go.
  for (auto& child : children) {
    self->monitor(child);
    self->send_exit(child, caf::exit_reason::user_shutdown);
  }
  first = file_stage_actor{};
  second = file_stage_actor{};
  third = file_stage_actor{};
  closing.clear();
  gemini = gemini_stage_actor{};
  stage_gone({});
}

void pipeline_state::stage_gone(const caf::actor_addr& which) {
  std::erase_if(children, [&](auto& c) { return c.address() == which; });
  if (!ending || !children.empty())
    return;
  self->quit(*ending);
  alive = pipeline_actor{};
}

} // namespace vigie
