#include "app/access_log.hpp"

#include <cstdio>
#include <string>
#include <utility>

namespace vigie {

access_log::access_log(std::shared_ptr<telemetry> counts, logger& to)
    : counts_(std::move(counts)), to_(to) {}

void access_log::served(const served_request& r) {
  counts_->served(r);
  auto status = std::to_string(r.status);
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.6f", r.took.count());
  log_entry line{r.method + ' ' + r.route + ' ' + status,
                 {{"request_id", r.id},
                  {"method", r.method},
                  {"route", r.route},
                  {"status", status},
                  {"bytes", std::to_string(r.bytes)},
                  {"duration_seconds", seconds}},
                 r.status >= 500 ? log_level::warning : log_level::info};
  if (!r.batch.empty())
    line.fields.emplace_back("batch", r.batch);
  if (!r.trace.empty())
    line.fields.emplace_back("traceparent", r.trace);
  to_.note(line);
}

} // namespace vigie
