#include "http/json_codec.hpp"

#include "http/json_parts.hpp"

namespace vigie {

namespace {

using namespace wire;

json file_of(const file_record& f) {
  auto metadata = parsed(f.metadata_json);
  auto warnings = json::array();
  for (auto& w : f.warnings)
    warnings.push_back(object({{"code", w.code}, {"message", w.message}}));
  return object(
      {{"file_id", f.id.n},
       {"filename", f.filename},
       {"content_type", f.content_type},
       {"size_bytes", f.size_bytes},
       {"checksum_sha256", f.sha256},
       {"stored_path", f.stored_path},
       {"status", to_string(f.status)},
       {"warnings", std::move(warnings)},
       {"metadata", metadata.is_object() ? metadata : json::object()}});
}

json event_of(const timeline_event& e) {
  return object({{"event_id", e.event_id},
                 {"seq", e.seq},
                 {"code", e.code},
                 {"label", e.label},
                 {"kind", to_string(e.kind)},
                 {"timestamp", rfc3339(e.at)},
                 {"progress", maybe(e.progress)},
                 {"details", parsed(e.details_json)}});
}

json text_of(const ocr_text& t) {
  return object({{"filename", t.filename},
                 {"engine", t.engine},
                 {"content", t.content},
                 {"confidence", maybe(t.confidence)},
                 {"warnings", t.warnings.empty() ? json{} : json(t.warnings)},
                 {"error", maybe(t.error)}});
}

json observation_of(const observation& o) {
  auto where =
      o.where
          ? json::array({o.where->x1, o.where->y1, o.where->x2, o.where->y2})
          : json{};
  return object({{"filename", o.filename},
                 {"label", o.label},
                 {"severity", to_string(o.severity)},
                 {"confidence", maybe(o.confidence)},
                 {"bbox", std::move(where)},
                 {"source", o.source},
                 {"class_name", maybe(o.class_name)},
                 {"extra", o.extra.empty() ? json{} : json(o.extra)},
                 {"created_at", rfc3339(o.created_at)}});
}

json risk_of(const std::optional<risk_score>& r) {
  if (!r)
    return {};
  auto lines = json::array();
  for (auto& line : r->breakdown)
    lines.push_back(object({{"label", line.label},
                            {"severity", to_string(line.severity)},
                            {"count", line.count},
                            {"score", line.score}}));
  return object({{"total_score", r->total},
                 {"normalized_score", r->normalized},
                 {"breakdown", std::move(lines)},
                 {"created_at", rfc3339(r->created_at)}});
}

json summary_of(const std::optional<batch_summary>& s) {
  if (!s)
    return {};
  return object({{"status", s->status},
                 {"source", maybe(s->source)},
                 {"text", maybe(s->text)},
                 {"findings", s->findings},
                 {"recommendations", s->recommendations},
                 {"warnings", s->warnings},
                 {"prompt_hash", maybe(s->prompt_hash)},
                 {"response_hash", maybe(s->response_hash)},
                 {"duration_ms", maybe(s->duration_ms)},
                 {"created_at", rfc3339(s->created_at)}});
}

/// Null, never an empty list, when there are none (kept).
template <class T>
json list_of(const std::vector<T>& xs, json (*one)(const T&)) {
  auto out = json{};
  for (auto& x : xs)
    out.push_back(one(x));
  return out;
}

json run_of(const std::optional<gemini_run>& run, bool at_work) {
  auto r = run.value_or(gemini_run{});
  if (!at_work)
    r.resume_at.reset(); // nobody waits for it
  std::chrono::duration<double> waited = r.waited;
  std::chrono::duration<double> budget = r.deadline - r.begun_at;
  return object(
      {{"attempts", r.attempts},
       {"waited_seconds", waited.count()},
       {"budget_seconds", budget.count()},
       {"resume_at", r.resume_at ? json(rfc3339(*r.resume_at)) : json{}}});
}

json report_url(const batch_id& id, const std::optional<std::string>& hash) {
  return hash ? json("/api/v1/ingestion/reports/" + id.text) : json{};
}

json warnings_of(const std::vector<file_record>& files) {
  auto out = json::array();
  for (auto& f : files)
    for (auto& w : f.warnings)
      out.push_back(object(
          {{"code", w.code}, {"file", f.filename}, {"message", w.message}}));
  return out;
}

} // namespace

std::string snapshot_body(const batch_view& v, bool fresh) {
  auto out = object(
      {{"batch_id", v.id.text},
       {"stored_at", rfc3339(v.stored_at)},
       {"status", to_string(v.status)},
       {"report_hash", maybe(v.report_hash)},
       {"last_error", maybe(v.last_error)},
       {"ocr_texts", list_of(v.texts, text_of)},
       {"observations", list_of(v.observations, observation_of)},
       {"gemini_status", maybe(v.gemini_status)},
       {"gemini_summary", maybe(v.gemini_summary)},
       {"gemini_prompt_hash", maybe(v.gemini_prompt_hash)},
       {"gemini_model", maybe(v.gemini_model)},
       {"risk_score", risk_of(v.score)},
       {"summary", summary_of(v.summary)},
       {"progress", v.progress},
       {"warnings", warnings_of(v.files)},
       {"event_cursor", std::to_string(v.last_seq)},
       {"gemini", run_of(v.gemini, v.status == batch_status::processing)}});
  out["report_url"] = report_url(v.id, v.report_hash);
  out["files"] = json::array();
  for (auto& f : v.files)
    out["files"].push_back(file_of(f));
  out["timeline"] = json::array();
  if (!fresh)
    for (auto& e : v.timeline)
      out["timeline"].push_back(event_of(e));
  return dump(out);
}

std::string page_body(const batch_page& page) {
  auto items = json::array();
  for (auto& i : page.items)
    items.push_back(object({{"batch_id", i.id.text},
                            {"status", to_string(i.status)},
                            {"stored_at", rfc3339(i.stored_at)},
                            {"file_count", i.file_count},
                            {"progress", i.progress},
                            {"normalized_score", maybe(i.normalized_score)},
                            {"report_hash", maybe(i.report_hash)},
                            {"report_url", report_url(i.id, i.report_hash)},
                            {"gemini_status", maybe(i.gemini_status)},
                            {"last_error", maybe(i.last_error)}}));
  return dump(object(
      {{"items", std::move(items)}, {"next_cursor", maybe(page.next_cursor)}}));
}

} // namespace vigie
