#include "http/json_codec.hpp"

#include "http/json_parts.hpp"

namespace vigie {

namespace {

using namespace wire;

json record_of(const analysis_record& r) {
  return {{"id", r.id},
          {"status", r.status},
          {"summary", maybe(r.summary)},
          {"warnings", r.warnings.empty() ? json{} : json(r.warnings)},
          {"prompt_hash", maybe(r.prompt_hash)},
          {"prompt_version", maybe(r.prompt_version)},
          {"provider", r.provider},
          {"model", r.model},
          {"duration_ms", maybe(r.duration_ms)},
          {"requested_by", maybe(r.requested_by)},
          {"created_at", rfc3339(r.created_at)},
          {"observations", parsed(r.observations_json)},
          {"raw_response", parsed(r.raw_response)},
          {"model_version", maybe(r.model_version)},
          {"attempts", r.attempts}};
}

json time_of(const std::optional<utc_time>& t) {
  return t ? json(rfc3339(*t)) : json{};
}

json model_of(const gate_board& b) {
  json out{
      {"model", b.model},
      {"state", b.state},
      {"reason", b.reason.empty() ? json{} : json(b.reason)},
      {"paused_until", time_of(b.paused_until)},
      {"waiting", b.waiting},
      {"in_flight", b.in_flight},
      {"requests_in_window", b.requests_in_window},
      {"tokens_in_window", b.tokens_in_window},
      {"limits",
       {{"rpm", maybe(b.rpm)}, {"tpm", maybe(b.tpm)}, {"rpd", maybe(b.rpd)}}},
      {"day",
       {{"requests", b.day_requests}, {"resets_at", time_of(b.day_resets_at)}}},
      {"waiters", json::array()}};
  for (auto& w : b.waiters)
    out["waiters"].push_back({{"batch_id", w.batch},
                              {"analyses", w.analyses},
                              {"deadline", rfc3339(w.deadline)}});
  return out;
}

} // namespace

std::string analysis_body(const std::vector<analysis_record>& newest_first,
                          bool include_history) {
  json out{{"latest",
            newest_first.empty() ? json{} : record_of(newest_first.front())},
           {"history", json{}}};
  if (include_history) {
    out["history"] = json::array();
    for (auto& r : newest_first)
      out["history"].push_back(record_of(r));
  }
  return dump(out);
}

std::string record_body(const analysis_record& record) {
  return dump(record_of(record));
}

std::string quota_body(const std::vector<gate_board>& models) {
  json out{{"models", json::array()}};
  for (auto& m : models)
    out["models"].push_back(model_of(m));
  return dump(out);
}

std::string verify_body(const std::string& expected,
                        const std::string& actual) {
  return dump({{"valid", expected == actual},
               {"expected", expected},
               {"actual", actual}});
}

std::string problem_body(const problem& why, bool in_french,
                         const std::string& instance) {
  auto& r = row(why.id);
  return dump({{"type", "/problems/" + std::string{r.name}},
               {"title", in_french ? r.title_fr : r.title_en},
               {"status", r.http_status},
               {"detail", why.detail},
               {"instance", instance}});
}

} // namespace vigie
