// Results of the whole batch.

#include "storage/files.hpp"
#include "storage/json_columns.hpp"
#include "storage/writer.hpp"

namespace vigie {

/// The row `r.id` becomes `r`; the batch's own columns follow.
void sqlite_store::keep_analysis(const batch_id& id, const analysis_record& r) {
  auto& q = db_.use(
      "UPDATE gemini_analyses SET model=?, status=?, prompt_hash=?, "
      "prompt_version=?, duration_ms=?, summary=?, warnings=?, "
      "observations_json=?, raw_response=?, model_version=?, attempts=? "
      "WHERE id=? AND batch_id=?");
  q.bind(1, r.model);
  q.bind(2, r.status);
  put(q, 3, r.prompt_hash);
  put(q, 4, r.prompt_version);
  put(q, 5, r.duration_ms);
  put(q, 6, r.summary);
  put(q, 7, strings_json(r.warnings));
  put(q, 8, r.observations_json);
  put(q, 9, r.raw_response);
  put(q, 10, r.model_version);
  q.bind(11, r.attempts);
  q.bind(12, r.id);
  q.bind(13, id.text);
  q.exec();
  auto& b = db_.use("UPDATE audit_batches SET gemini_status=?, "
                    "gemini_summary=?, gemini_prompt_hash=?, gemini_model=? "
                    "WHERE id=?");
  b.bind(1, r.status);
  put(b, 2, r.summary);
  put(b, 3, r.prompt_hash);
  put(b, 4, r.model.empty() ? std::nullopt : std::optional{r.model});
  b.bind(5, id.text);
  b.exec();
}

void sqlite_store::keep_score(const batch_id& id, const score_result& r) {
  if (!r.has_risk) { // a re-run may have taken back what was seen
    auto& gone = db_.use("DELETE FROM risk_scores WHERE batch_id=?");
    gone.bind(1, id.text);
    gone.exec();
    return;
  }
  auto& q = db_.use("INSERT OR REPLACE INTO risk_scores (batch_id, "
                    "total_score, normalized_score, breakdown, created_at) "
                    "VALUES (?, ?, ?, ?, ?)");
  q.bind(1, id.text);
  q.bind(2, r.score.total);
  q.bind(3, r.score.normalized);
  q.bind(4, breakdown_json(r.score.breakdown));
  q.bind(5, sql_time(r.score.created_at));
  q.exec();
}

void sqlite_store::keep_summary(const batch_id& id, const batch_summary& s) {
  auto& q = db_.use(
      "INSERT OR REPLACE INTO batch_reports (batch_id, summary_text, findings, "
      "recommendations, status, source, warnings, prompt_hash, response_hash, "
      "duration_ms, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  q.bind(1, id.text);
  put(q, 2, s.text);
  put(q, 3, strings_json(s.findings));
  put(q, 4, strings_json(s.recommendations));
  q.bind(5, s.status);
  put(q, 6, s.source);
  put(q, 7, strings_json(s.warnings));
  put(q, 8, s.prompt_hash);
  put(q, 9, s.response_hash);
  put(q, 10, s.duration_ms);
  q.bind(11, sql_time(s.created_at));
  q.exec();
}

void sqlite_store::keep_report(const batch_id& id, const report_result& r) {
  auto name = "reports/report-" + id.text + ".pdf";
  // Before the commit: a crash in between leaves a file that nobody names,
  // and the resumed batch writes the same bytes again.
  if (auto error = write_whole(root_ / name, r.pdf))
    throw refusal{is_full(error)
                      ? problem{code::disk_full, "The disk is full"}
                      : problem{code::storage_down, "Report not stored"}};
  unsynced_.insert(root_ / "reports");
  auto& q = db_.use("UPDATE audit_batches SET report_hash=?, report_path=?, "
                    "updated_at=? WHERE id=?");
  q.bind(1, r.sha256);
  q.bind(2, name);
  q.bind(3, sql_time(utc_now()));
  q.bind(4, id.text);
  q.exec();
}

} // namespace vigie
