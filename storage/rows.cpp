#include "storage/rows.hpp"

#include "storage/files.hpp"
#include "storage/json_columns.hpp"

#include <map>

namespace vigie {

namespace {

SQLite::Statement& of_batch(database& db, const char* sql,
                            const std::string& id) {
  auto& q = db.use(sql);
  q.bind(1, id);
  return q;
}

/// Two rows that share one path cannot both tell the truth: the old server
/// let a second file of the same name overwrite the first.
void warn_of_shared_paths(std::vector<file_record>& files) {
  std::map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < files.size(); ++i)
    last[files[i].stored_path] = i;
  for (auto& f : files) {
    auto& w = files[last[f.stored_path]];
    if (!f.stored_path.empty() && w.id != f.id && w.sha256 != f.sha256)
      f.warnings.push_back({"file-hash-mismatch",
                            "Un autre fichier du même nom a remplacé ce "
                            "fichier sur le disque."});
  }
}

} // namespace

std::vector<file_record> read_files(database& db, const std::string& id) {
  std::vector<file_record> out;
  auto& q = of_batch(db,
                     "SELECT id, filename, content_type, size_bytes, "
                     "checksum_sha256, stored_path, status, warnings, metadata "
                     "FROM batch_files WHERE batch_id=? ORDER BY id",
                     id);
  while (q.executeStep()) {
    file_record f;
    f.id = {q.getColumn(0).getInt64()};
    f.filename = q.getColumn(1).getString();
    f.content_type = q.getColumn(2).getString();
    f.size_bytes = static_cast<uint64_t>(q.getColumn(3).getInt64());
    f.sha256 = q.getColumn(4).getString();
    f.stored_path = relative_path(id, q.getColumn(5).getString());
    f.status = parse_file_status(text(q.getColumn(6)).value_or("done"))
                   .value_or(file_status::done);
    f.warnings = read_warnings(text(q.getColumn(7)));
    f.metadata_json = text(q.getColumn(8));
    auto about = read_extra(f.metadata_json);
    f.zone = about["zone"];
    f.site_type = about["site_type"];
    out.push_back(std::move(f));
  }
  warn_of_shared_paths(out);
  return out;
}

std::vector<timeline_event> read_timeline(database& db, const std::string& id) {
  std::vector<timeline_event> out;
  auto& q = of_batch(db,
                     "SELECT id, event_id, seq, code, label, kind, timestamp, "
                     "progress, details FROM processing_events "
                     "WHERE batch_id=? ORDER BY id",
                     id);
  while (q.executeStep()) {
    timeline_event e;
    e.event_id = text(q.getColumn(1)).value_or(q.getColumn(0).getString());
    e.seq = number(q.getColumn(2)).value_or(0);
    e.code = q.getColumn(3).getString();
    e.label = q.getColumn(4).getString();
    e.kind =
        parse_event_kind(q.getColumn(5).getString()).value_or(event_kind::info);
    e.at = instant(q.getColumn(6));
    if (auto progress = number(q.getColumn(7)))
      e.progress = static_cast<int>(*progress);
    e.details_json = text(q.getColumn(8));
    out.push_back(std::move(e));
  }
  return out;
}

std::vector<ocr_text> read_texts(database& db, const std::string& id) {
  std::vector<ocr_text> out;
  auto& q = of_batch(db,
                     "SELECT filename, engine, content, confidence, warnings, "
                     "error, created_at FROM ocr_texts WHERE batch_id=? "
                     "ORDER BY filename, id",
                     id);
  while (q.executeStep())
    out.push_back({q.getColumn(0).getString(), q.getColumn(1).getString(),
                   q.getColumn(2).getString(), real(q.getColumn(3)),
                   read_strings(text(q.getColumn(4))), text(q.getColumn(5)),
                   instant(q.getColumn(6))});
  return out;
}

std::vector<observation> read_observations(database& db,
                                           const std::string& id) {
  std::vector<observation> out;
  auto& q = of_batch(db,
                     "SELECT filename, label, severity, confidence, bbox, "
                     "source, class_name, extra, created_at "
                     "FROM vision_observations WHERE batch_id=? "
                     "ORDER BY filename, id",
                     id);
  while (q.executeStep())
    out.push_back(
        {q.getColumn(0).getString(), q.getColumn(1).getString(),
         parse_severity(q.getColumn(2).getString()).value_or(severity::low),
         real(q.getColumn(3)), read_box(text(q.getColumn(4))),
         q.getColumn(5).getString(), text(q.getColumn(6)),
         read_extra(text(q.getColumn(7))), instant(q.getColumn(8))});
  return out;
}

std::optional<risk_score> read_score(database& db, const std::string& id) {
  auto& q = of_batch(db,
                     "SELECT total_score, normalized_score, breakdown, "
                     "created_at FROM risk_scores WHERE batch_id=?",
                     id);
  if (!q.executeStep())
    return std::nullopt;
  return risk_score{q.getColumn(0).getDouble(), q.getColumn(1).getDouble(),
                    read_breakdown(text(q.getColumn(2))),
                    instant(q.getColumn(3))};
}

std::optional<batch_summary> read_summary(database& db, const std::string& id) {
  auto& q = of_batch(db,
                     "SELECT status, source, summary_text, findings, "
                     "recommendations, warnings, prompt_hash, response_hash, "
                     "duration_ms, created_at FROM batch_reports "
                     "WHERE batch_id=?",
                     id);
  if (!q.executeStep())
    return std::nullopt;
  return batch_summary{q.getColumn(0).getString(),
                       text(q.getColumn(1)),
                       text(q.getColumn(2)),
                       read_strings(text(q.getColumn(3))),
                       read_strings(text(q.getColumn(4))),
                       read_strings(text(q.getColumn(5))),
                       text(q.getColumn(6)),
                       text(q.getColumn(7)),
                       number(q.getColumn(8)),
                       instant(q.getColumn(9))};
}

std::vector<analysis_record> read_analyses(database& db,
                                           const std::string& id) {
  std::vector<analysis_record> out;
  auto& q = of_batch(db,
                     "SELECT id, provider, model, status, summary, warnings, "
                     "prompt_hash, prompt_version, duration_ms, requested_by, "
                     "observations_json, raw_response, created_at, "
                     "model_version, coalesce(attempts, 0) "
                     "FROM gemini_analyses WHERE batch_id=? ORDER BY id DESC",
                     id);
  while (q.executeStep())
    out.push_back({q.getColumn(0).getInt64(), q.getColumn(1).getString(),
                   q.getColumn(2).getString(), q.getColumn(3).getString(),
                   text(q.getColumn(4)), read_strings(text(q.getColumn(5))),
                   text(q.getColumn(6)), text(q.getColumn(7)),
                   number(q.getColumn(8)), text(q.getColumn(9)),
                   text(q.getColumn(10)), text(q.getColumn(11)),
                   instant(q.getColumn(12)), text(q.getColumn(13)),
                   q.getColumn(14).getInt64()});
  return out;
}

std::optional<gemini_run> read_run(database& db, const std::string& id,
                                   bool open_only) {
  auto& q = of_batch(db,
                     "SELECT record, requested_by, begun_at, deadline, "
                     "attempts, waited_ms, resume_at, ended, waiting_since "
                     "FROM gemini_runs WHERE batch_id=?",
                     id);
  if (!q.executeStep() || (open_only && q.getColumn(7).getInt() != 0))
    return std::nullopt;
  gemini_run r;
  r.record = q.getColumn(0).getInt64();
  r.requested_by = text(q.getColumn(1)).value_or("");
  r.begun_at = instant(q.getColumn(2));
  r.deadline = instant(q.getColumn(3));
  r.attempts = q.getColumn(4).getInt64();
  r.waited = std::chrono::milliseconds{q.getColumn(5).getInt64()};
  if (!q.getColumn(6).isNull())
    r.resume_at = instant(q.getColumn(6));
  if (!q.getColumn(8).isNull())
    r.waiting_since = instant(q.getColumn(8));
  return r;
}

} // namespace vigie
