#include "actors/gemini_plan.hpp"

#include <algorithm>

namespace vigie {

gemini_begun beginning(const gemini_plan& plan, const std::string& by,
                       utc_time now) {
  gemini_begun out;
  out.record.status = "pending";
  out.record.model = plan.models.front();
  out.record.prompt_hash = plan.image.hash;
  out.record.prompt_version = plan.image.version;
  out.record.requested_by = by;
  out.record.created_at = now;
  out.run.requested_by = by;
  out.run.begun_at = now;
  out.run.deadline = now + plan.budget;
  return out;
}

gemini_run resumed(gemini_run run, std::chrono::seconds budget, utc_time now) {
  run.begun_at = std::min(run.begun_at, now);
  run.deadline = std::min(run.deadline, now + budget);
  if (run.waiting_since && *run.waiting_since > now)
    run.waiting_since = now;
  return run;
}

} // namespace vigie
