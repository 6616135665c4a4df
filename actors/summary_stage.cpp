// SUMMARY: the model's words when there is time and quota, else local rules.

#include "actors/closing.hpp"

#include "domain/local_summary.hpp"
#include "domain/stages.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace vigie {

namespace {

constexpr std::size_t most_lines = 60;
constexpr std::size_t most_extract = 1'500;
constexpr std::size_t most_data = 24'000;

std::string shown(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", x);
  return text;
}

/// Risk, observations and extracts: the same batch gives the same text, so
/// that a stored answer is found again.
std::string evidence(const batch_view& view) {
  std::string out = "Fichiers : " + std::to_string(view.files.size()) + "\n";
  if (view.score) {
    out += "Score de risque : " + shown(view.score->total) + "\n";
    for (auto& line : view.score->breakdown)
      out += "- " + line.label + " : " + std::to_string(line.count) + " x "
             + std::string{to_string(line.severity)} + "\n";
  }
  auto sorted = view.observations;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](auto& a, auto& b) { return a.severity > b.severity; });
  out += "Observations :\n";
  for (std::size_t i = 0; i < std::min(sorted.size(), most_lines); ++i) {
    auto& o = sorted[i];
    out += "- " + o.filename + " | " + o.label + " | "
           + std::string{to_string(o.severity)} + " | " + o.source;
    for (auto key : {"quote", "description", "location"})
      if (auto found = o.extra.find(key); found != o.extra.end())
        out += " | " + found->second;
    out += "\n";
  }
  out += "Extraits :\n";
  for (auto& t : view.texts)
    out += t.filename + " : " + t.content.substr(0, most_extract) + "\n";
  return out;
}

batch_summary locally(const batch_view& view, utc_time now) {
  return summarize(view.files, view.observations, view.score, now);
}

void store(closing_pointer self, batch_summary text) {
  auto& args = self->state.args;
  auto event = draft(
      "summary:complete", args.now(),
      {{"status", text.status}, {"source", text.source.value_or("local")}});
  self->state.commit(
      {args.id, summary_result{std::move(text)}, {std::move(event)}});
}

/// The local text stays the ground; the model's words replace it.
batch_summary by_model(const closing_args& args, batch_summary base,
                       const model_answer& a, const model_summary& words,
                       utc_time asked) {
  base.source = "gemini";
  base.text = words.text;
  base.findings = words.findings;
  base.recommendations = words.recommendations;
  base.prompt_hash = a.prompt_hash;
  base.response_hash = args.plan->sha256(a.text);
  base.duration_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(args.now() - asked)
          .count();
  return base;
}

void told_summary(closing_pointer self, batch_summary base,
                  const model_told& told, utc_time asked) {
  auto& args = self->state.args;
  if (told.answered) {
    if (auto words = args.plan->answers->summary(told.answer.text)) {
      store(self,
            by_model(args, std::move(base), told.answer, words.value(), asked));
      return;
    }
  }
  base.warnings.push_back(told.verdict == "quota_exceeded"
                              ? "gemini-quota-exceeded"
                              : "gemini-unavailable");
  store(self, std::move(base));
}

void ask_desk(closing_pointer self, batch_summary base, ask_ptr ask) {
  auto& args = self->state.args;
  auto asked = args.now();
  auto late = std::max(std::chrono::microseconds{1}, ask->deadline - asked)
              + std::chrono::seconds{60};
  self->request(args.plan->desk, late, ask_atom_v, ask, args.gemini)
      .then(
          [=](const told_ptr& told) { told_summary(self, base, *told, asked); },
          [=](const caf::error&) {
            told_summary(self, base, model_told{}, asked);
          });
}

void ask_model(closing_pointer self, const batch_view& view) {
  auto& args = self->state.args;
  auto& plan = *args.plan;
  auto ask = std::make_shared<model_ask>();
  ask->batch = args.id;
  ask->prompt_hash = plan.closing.hash;
  ask->deadline = view.gemini->deadline;
  ask->request.instruction = plan.closing.system;
  ask->request.user_text =
      render(plan.closing.user,
             {{"evidence", quote_as_data(evidence(view), most_data)}});
  ask->request.schema_json = plan.summary_schema;
  ask->input_hash = plan.sha256(ask->request.user_text);
  ask->tokens = static_cast<double>(ask->request.user_text.size()
                                    + plan.closing.system.size())
                / 4;
  recall what{plan.closing.hash, {ask->input_hash}};
  auto base = locally(view, args.now());
  // Infinite: a slow store ends no batch.
  self->request(args.store, caf::infinite, recall_atom_v,
                std::make_shared<const recall>(std::move(what)))
      .then([=](const answers_ptr& found) {
        if (*found && !found->value().empty()) {
          model_told told;
          told.answered = true;
          told.answer = found->value().front();
          told_summary(self, base, told, self->state.args.now());
          return;
        }
        ask_desk(self, base, ask);
      });
}

bool model_may(const closing_args& args, const batch_view& view) {
  return args.plan && args.plan->desk && args.plan->summary && view.gemini
         && view.gemini->deadline > args.now()
         && view.gemini_status.value_or("") != "failed";
}

} // namespace

closing_actor::behavior_type summary_stage(closing_pointer self,
                                           closing_args args) {
  return on_wake(self, std::move(args), [self] {
    self->state.look([self](const batch_view& view) {
      if (model_may(self->state.args, view))
        ask_model(self, view);
      else
        store(self, locally(view, self->state.args.now()));
    });
  });
}

} // namespace vigie
