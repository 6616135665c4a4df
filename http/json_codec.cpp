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
          {"model_version", json{}}, // not recorded yet
          {"attempts", 0}};
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
