// GEMINI, second half: what came of the images.

#include "actors/gemini_stage.hpp"
#include "domain/stages.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vigie {

namespace {

int64_t whole_seconds(std::chrono::microseconds d) {
  return std::chrono::duration_cast<std::chrono::seconds>(d).count();
}

std::string warning_for(const image_outcome& o) {
  if (o.told.verdict == "quota_exceeded")
    return "gemini-quota-exceeded";
  if (o.told.scope == "key")
    return "gemini-key-rejected";
  if (o.told.scope == "config")
    return "gemini-not-available";
  if (o.told.scope == "model")
    return "gemini-model-not-found";
  if (o.told.verdict == "blocked")
    return "gemini-content-blocked:" + o.file.filename;
  if (o.told.verdict == "malformed")
    return "gemini-response-invalid:" + o.file.filename;
  if (o.told.verdict == "bad_request")
    return "gemini-image-refused:" + o.file.filename;
  return "gemini-unavailable";
}

void add_once(std::vector<std::string>& to, std::string what) {
  if (std::find(to.begin(), to.end(), what) == to.end())
    to.push_back(std::move(what));
}

struct tally {
  std::size_t answered = 0;
  const image_outcome* quota = nullptr; ///< The first that fell to a quota.
};

tally count(const std::vector<image_outcome>& all) {
  tally t;
  for (auto& o : all) {
    t.answered += o.told.answered ? 1 : 0;
    if (!t.quota && o.told.verdict == "quota_exceeded")
      t.quota = &o;
  }
  return t;
}

std::string status_of(const tally& t, bool insights) {
  if (t.quota)
    return "quota_exceeded";
  if (t.answered == 0)
    return "failed";
  return insights ? "ok" : "no_insights";
}

/// The model that answered most images; before any answer, the first.
std::string asked_model(const gemini_stage_state& st) {
  auto& models = st.args.plan->models;
  auto answers = [&](const std::string& model) {
    return std::count_if(st.outcomes.begin(), st.outcomes.end(), [&](auto& o) {
      return o.told.answered && o.told.answer.model == model;
    });
  };
  return *std::max_element(models.begin(), models.end(), [&](auto& a, auto& b) {
    return answers(a) < answers(b);
  });
}

} // namespace

gemini_result conclusion(const gemini_stage_state& st, utc_time now,
                         std::vector<event_draft>& events) {
  gemini_result out;
  auto& r = out.record;
  std::string seen;
  for (auto& o : st.outcomes) {
    if (!o.told.answered) {
      add_once(r.warnings, warning_for(o));
      continue;
    }
    auto audit =
        st.args.plan->answers->image(o.told.answer.text, o.file.filename, now);
    if (!audit) {
      add_once(r.warnings, "gemini-response-invalid:" + o.file.filename);
      continue;
    }
    out.answers.emplace_back(o.file.filename, o.told.answer);
    if (o.told.answer.model == asked_model(st))
      r.model_version = o.told.answer.model_version;
    if (!audit.value().summary.empty())
      seen += (seen.empty() ? "" : "\n") + o.file.filename + " : "
              + audit.value().summary;
    for (auto& x : audit.value().observations)
      out.observations.push_back(std::move(x));
  }
  auto t = count(st.outcomes);
  auto total = static_cast<int64_t>(st.outcomes.size());
  auto analysed = static_cast<int64_t>(t.answered);
  if (analysed < total)
    r.warnings.push_back("gemini-images-missing:"
                         + std::to_string(total - analysed) + "/"
                         + std::to_string(total));
  r.status = status_of(t, !out.observations.empty());
  r.model = asked_model(st);
  if (!seen.empty())
    r.summary = seen;
  r.prompt_hash = st.args.plan->image.hash;
  r.prompt_version = st.args.plan->image.version;
  r.requested_by = st.run.requested_by;
  r.duration_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                      now - st.run.begun_at)
                      .count();
  r.attempts = st.run.attempts;
  r.created_at = now;
  r.id = st.run.record;
  out.run = st.run;
  out.run->resume_at.reset();
  if (t.quota) {
    auto event = draft("gemini:quota-exceeded", now,
                       {{"scope", t.quota->told.scope},
                        {"warning", std::string{"gemini-quota-exceeded"}},
                        {"waitedSeconds", whole_seconds(st.run.waited)}});
    if (t.quota->told.reset_at)
      event.details["resetAt"] = rfc3339(*t.quota->told.reset_at);
    events.push_back(std::move(event));
  }
  auto event = draft("gemini:complete", now,
                     {{"status", r.status},
                      {"imageCount", total},
                      {"analysedCount", analysed}});
  if (r.model_version)
    event.details["modelVersion"] = *r.model_version;
  if (analysed < total)
    event.kind = event_kind::warning;
  events.push_back(std::move(event));
  return out;
}

void gemini_stage_state::got(const file_record& file, model_told told) {
  outcomes.push_back({file, std::move(told)});
  if (outcomes.size() == images.size())
    conclude();
}

void gemini_stage_state::conclude() {
  // In the order of the files, whatever the order of the answers.
  std::sort(outcomes.begin(), outcomes.end(),
            [](auto& a, auto& b) { return a.file.id < b.file.id; });
  waited_till_now();
  concluded = true;
  std::vector<event_draft> events;
  auto result = conclusion(*this, args.now(), events);
  commit({args.id, std::move(result), std::move(events)},
         [this](const change_answer&) {
           self->send(args.owner, ticket_atom_v, ticket_ptr{}, stage::gemini);
         });
}

} // namespace vigie
