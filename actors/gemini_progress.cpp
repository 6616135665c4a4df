// GEMINI: what is said and stored while the desk makes the batch wait.

#include "actors/gemini_stage.hpp"
#include "domain/stages.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vigie {

void gemini_stage_state::held(const held_up& h) {
  auto now = args.now();
  if (!run.waiting_since)
    run.waiting_since = now;
  run.resume_at = h.resume_at;
  auto left = std::max(std::chrono::microseconds{0}, run.deadline - now);
  auto event = draft("gemini:waiting", now,
                     {{"warning", std::string{h.quota ? "gemini-quota-exceeded"
                                                      : "gemini-unavailable"}},
                      {"retryDelaySeconds", h.delay.count()},
                      {"resumeAt", rfc3339(h.resume_at)},
                      {"attempt", int64_t{h.attempt}},
                      {"remainingBudgetSeconds",
                       std::chrono::duration<double>(left).count()}});
  event.technical = {{"source", h.source}};
  if (!h.quota_id.empty())
    event.technical["quotaId"] = h.quota_id;
  if (h.value)
    event.technical["quotaValue"] = *h.value;
  change what{args.id, nothing{}, {std::move(event)}};
  if (run.record != 0)
    what.what = gemini_progress{run};
  commit(std::move(what), [](const change_answer&) {});
}

void gemini_stage_state::sent() {
  ++run.attempts;
  waited_till_now();
  run.resume_at.reset();
  keep_progress();
}

void gemini_stage_state::waited_till_now() {
  if (run.waiting_since)
    run.waited += std::chrono::duration_cast<std::chrono::milliseconds>(
        args.now() - *run.waiting_since);
  run.waiting_since.reset();
}

/// One at a time: in a burst the last one tells all.
void gemini_stage_state::keep_progress() {
  if (run.record == 0)
    return;
  if (keeping) {
    keep_again = true;
    return;
  }
  keeping = true;
  commit({args.id, gemini_progress{run}, {}}, [this](const change_answer&) {
    keeping = false;
    if (std::exchange(keep_again, false))
      keep_progress();
  });
}

} // namespace vigie
