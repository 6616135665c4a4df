// An ended batch goes back to work.

#include "storage/json_columns.hpp"
#include "storage/rows.hpp"
#include "storage/writer.hpp"

#include <map>
#include <set>
#include <vector>

namespace vigie {

applied sqlite_store::retry(const batch_id& id) {
  auto now = status_of(id);
  if (now == batch_status::processing)
    throw refusal{{code::batch_busy, "The batch is still being processed"}};
  auto files = files_to_redo(id);
  if (now == batch_status::completed && !files)
    throw refusal{{code::batch_ended,
                   "Nothing to redo: the batch is completed and all of its "
                   "files are done"}};
  clear_for_retry(id, files);
  return applied::restarted;
}

/// A completed batch went through every stage: only what failed counts. (An
/// old server's batch has no results of ours, and its files no status.)
bool sqlite_store::files_to_redo(const batch_id& id) {
  auto& q = db_.use(
      "SELECT EXISTS (SELECT 1 FROM batch_files AS f JOIN audit_batches AS b "
      "ON b.id=f.batch_id WHERE b.id=? AND f.stored_path<>'' AND (f.status IN "
      "('failed','quarantined') OR (b.status<>'completed' AND (SELECT count(*) "
      "FROM stage_results AS r WHERE r.batch_id=b.id AND r.file_id=f.id AND "
      "r.ok=1)<3)))");
  q.bind(1, id.text);
  q.executeStep();
  return q.getColumn(0).getInt() != 0;
}

/// `files`: something new will come of them. What is readable stays so until
/// it is replaced.
void sqlite_store::clear_for_retry(const batch_id& id, bool files) {
  forget_failures(id);
  if (files)
    clear_drawn(id);
  else // an analysis that is not whole is done again, and what rests on it
    run_for(id,
            {"DELETE FROM gemini_runs WHERE batch_id=?1 AND (SELECT "
             "gemini_status FROM audit_batches WHERE id=?1) NOT IN "
             "('ok','no_insights')",
             "DELETE FROM stage_results WHERE batch_id=?1 AND file_id=0 AND "
             "stage IN ('gemini','scoring','summary','report') AND "
             "coalesce((SELECT gemini_status FROM audit_batches WHERE id=?1), "
             "'') NOT IN ('ok','no_insights')"});
  run_for(id, {"UPDATE batch_files SET status='pending' WHERE status<>'done' "
               "AND stored_path<>'' AND batch_id=?"}); // '': purged
  reopen(id);
}

/// All that was drawn from the files together is drawn again.
void sqlite_store::clear_drawn(const batch_id& id) {
  run_for(id, {"DELETE FROM stage_results WHERE batch_id=? AND file_id=0",
               "DELETE FROM vision_observations WHERE class_name LIKE "
               "'duplicate-%' AND batch_id=?",
               "DELETE FROM gemini_runs WHERE batch_id=?"});
}

void sqlite_store::reopen(const batch_id& id) {
  auto& q = db_.use("UPDATE audit_batches SET status='processing', "
                    "last_error=NULL, progress=0, updated_at=? WHERE id=?");
  q.bind(1, sql_time(utc_now()));
  q.bind(2, id.text);
  q.exec();
}

void sqlite_store::run_for(const batch_id& id,
                           std::initializer_list<const char*> all) {
  for (auto* sql : all) {
    auto& q = db_.use(sql);
    q.bind(1, id.text);
    q.exec();
  }
}

/// Failed stages of files (of one, or of all), what they left, and the
/// warnings that told it.
void sqlite_store::forget_failures(const batch_id& id, file_id only) {
  std::map<int64_t, std::set<std::string>> failures;
  auto& bad = db_.use("SELECT file_id, error_code FROM stage_results WHERE "
                      "batch_id=?1 AND ok=0 AND file_id<>0 "
                      "AND (?2=0 OR file_id=?2) AND file_id NOT IN (SELECT id "
                      "FROM batch_files WHERE batch_id=?1 AND stored_path='')");
  bad.bind(1, id.text);
  bad.bind(2, only.n);
  while (bad.executeStep())
    failures[bad.getColumn(0).getInt64()].insert(
        text(bad.getColumn(1)).value_or(""));
  for (auto& [file, codes] : failures) {
    auto& old = db_.use("SELECT warnings FROM batch_files WHERE id=?");
    old.bind(1, file);
    old.executeStep();
    auto all = read_warnings(text(old.getColumn(0)));
    std::erase_if(
        all, [&codes = codes](auto& w) { return codes.count(w.code) > 0; });
    auto& q = db_.use("UPDATE batch_files SET warnings=? WHERE id=?");
    put(q, 1, warnings_json(all));
    q.bind(2, file);
    q.exec();
  }
  for (auto* sql :
       {"DELETE FROM stage_results WHERE batch_id=?1 AND ok=0 "
        "AND (?2=0 OR file_id=?2) AND file_id NOT IN (SELECT id FROM "
        "batch_files WHERE batch_id=?1 AND stored_path='')",
        "DELETE FROM ocr_texts WHERE error IS NOT NULL AND batch_id=?1 AND "
        "(?2=0 OR filename=(SELECT filename FROM batch_files WHERE id=?2))"}) {
    auto& q = db_.use(sql);
    q.bind(1, id.text);
    q.bind(2, only.n);
    q.exec();
  }
}

/// After a retry the last missing stage may be another one than TEXT.
void sqlite_store::finish_file(const batch_id& id, file_id file) {
  auto& q = db_.use(
      "UPDATE batch_files SET status='done' WHERE id=?1 AND status='pending' "
      "AND (SELECT count(*) FROM stage_results WHERE batch_id=?2 AND "
      "file_id=?1 AND ok=1)=3");
  q.bind(1, file.n);
  q.bind(2, id.text);
  q.exec();
}

/// The batch ends while its Gemini analysis is open: the record says so.
void sqlite_store::end_run(const batch_id& id) {
  auto open = read_run(db_, id.text, true);
  if (!open)
    return;
  open->resume_at.reset();
  keep_run(id, *open, true);
  auto& record = db_.use("UPDATE gemini_analyses SET status='failed', "
                         "warnings=? WHERE id=? AND status='pending'");
  put(record, 1, strings_json({"gemini-interrupted"}));
  record.bind(2, open->record);
  record.exec();
  auto& batch = db_.use("UPDATE audit_batches SET gemini_status='failed' "
                        "WHERE id=? AND gemini_status='pending'");
  batch.bind(1, id.text);
  batch.exec();
}

} // namespace vigie
