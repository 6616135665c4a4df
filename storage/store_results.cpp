// What stages found.

#include "storage/files.hpp"
#include "storage/json_columns.hpp"
#include "storage/writer.hpp"

namespace vigie {

namespace fs = std::filesystem;

namespace {

std::string_view status_after(const file_result& r) {
  if (r.quarantined)
    return "quarantined";
  if (!r.result.ok)
    return "failed";
  return r.what == stage::text ? "done" : "pending";
}

} // namespace

bool sqlite_store::claim(const batch_id& id, file_id file, stage what,
                         const std::string& input, uint64_t token,
                         const analysis_result& r) {
  auto& q =
      db_.use("INSERT OR IGNORE INTO stage_results (batch_id, file_id, stage, "
              "input_hash, token, ok, error_code, perceptual_hash, created_at) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  q.bind(1, id.text);
  q.bind(2, file.n);
  q.bind(3, std::string{to_string(what)});
  q.bind(4, input);
  q.bind(5, static_cast<int64_t>(token));
  q.bind(6, r.ok ? 1 : 0);
  q.bind(7, r.error_code);
  auto print = r.perceptual_hash
                   ? std::optional{static_cast<int64_t>(*r.perceptual_hash)}
                   : std::nullopt;
  put(q, 8, print);
  q.bind(9, sql_time(utc_now()));
  return q.exec() > 0;
}

void sqlite_store::file_stage(const batch_id& id, const file_result& r) {
  for (auto& o : r.result.observations)
    observe(id, o);
  if (r.result.text)
    keep_text(id, *r.result.text);
  keep_thumbnail(id, r.file, r.result.thumbnail_jpeg);
  auto warnings = r.result.warnings;
  if (!r.result.ok)
    warnings.push_back({r.result.error_code, r.result.error_message});
  // A file that failed once stays so, whatever its later stages say.
  auto& q =
      db_.use("UPDATE batch_files SET metadata=coalesce(?, metadata), "
              "status=CASE WHEN status IN ('failed','quarantined') THEN status "
              "ELSE ? END, warnings=? WHERE id=? AND batch_id=?");
  auto before = std::optional<std::string>{};
  {
    auto& old = db_.use("SELECT warnings FROM batch_files WHERE id=?");
    old.bind(1, r.file.n);
    if (old.executeStep())
      before = text(old.getColumn(0));
  }
  auto all = read_warnings(before);
  for (auto& w : warnings) // a picture that no stage can read is told of once
    if (std::none_of(all.begin(), all.end(),
                     [&](auto& x) { return x.code == w.code; }))
      all.push_back(w);
  put(q, 1,
      r.result.metadata ? std::optional{metadata_json(*r.result.metadata)}
                        : std::nullopt);
  q.bind(2, std::string{status_after(r)});
  put(q, 3, warnings_json(all));
  q.bind(4, r.file.n);
  q.bind(5, id.text);
  q.exec();
  finish_file(id, r.file);
}

void sqlite_store::observe(const batch_id& id, const observation& o) {
  auto& q = db_.use(
      "INSERT INTO vision_observations (batch_id, filename, label, severity, "
      "confidence, bbox, source, class_name, extra, created_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  q.bind(1, id.text);
  q.bind(2, o.filename);
  q.bind(3, o.label);
  q.bind(4, std::string{to_string(o.severity)});
  put(q, 5, o.confidence);
  put(q, 6, box_json(o.where));
  q.bind(7, o.source);
  put(q, 8, o.class_name);
  put(q, 9, extra_json(o.extra));
  q.bind(10, sql_time(o.created_at == utc_time{} ? utc_now() : o.created_at));
  q.exec();
}

void sqlite_store::keep_text(const batch_id& id, const ocr_text& t) {
  auto& q =
      db_.use("INSERT INTO ocr_texts (batch_id, filename, engine, content, "
              "confidence, warnings, error, created_at) VALUES (?, ?, ?, ?, ?, "
              "?, ?, ?)");
  q.bind(1, id.text);
  q.bind(2, t.filename);
  q.bind(3, t.engine);
  q.bind(4, t.content);
  put(q, 5, t.confidence);
  put(q, 6, strings_json(t.warnings));
  put(q, 7, t.error);
  q.bind(8, sql_time(t.created_at == utc_time{} ? utc_now() : t.created_at));
  q.exec();
}

void sqlite_store::keep_thumbnail(const batch_id& id, file_id file,
                                  const std::string& jpeg) {
  if (jpeg.empty())
    return;
  // A thumbnail can be made again from the evidence: a failure is no fault of
  // the batch, so it is not one of this change. For room it is waited.
  auto dir = root_ / ".thumbs" / id.text;
  std::error_code ignored;
  fs::create_directories(dir, ignored);
  if (is_full(write_durably(dir / (std::to_string(file.n) + ".jpg"), jpeg)))
    throw refusal{{code::disk_full, "The disk is full"}};
}

} // namespace vigie
