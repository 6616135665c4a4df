#include "storage/sqlite_reader.hpp"

#include "storage/cursor.hpp"
#include "storage/files.hpp"
#include "storage/pool.hpp"
#include "storage/quarantine_rows.hpp"
#include "storage/retention_rows.hpp"
#include "storage/rows.hpp"
#include "storage/verify.hpp"

#include <utility>

namespace vigie {

namespace {

namespace fs = std::filesystem;

int64_t newest(database& db) {
  auto& q = db.use("SELECT coalesce(max(seq), 0) FROM event_log");
  q.executeStep();
  return q.getColumn(0).getInt64();
}

outcome<batch_view> view_of(database& db, const std::string& id) {
  auto& q = db.use("SELECT created_at, updated_at, status, report_hash, "
                   "last_error, gemini_status, gemini_summary, "
                   "gemini_prompt_hash, gemini_model, coalesce(progress, "
                   "(SELECT max(progress) FROM processing_events "
                   "WHERE batch_id=audit_batches.id), 0) "
                   "FROM audit_batches WHERE id=?");
  q.bind(1, id);
  if (!q.executeStep())
    return problem{code::no_such_batch, "Batch not found"};
  batch_view v;
  v.id = {id};
  v.stored_at = instant(q.getColumn(0));
  v.updated_at = instant(q.getColumn(1));
  v.status = parse_batch_status(q.getColumn(2).getString())
                 .value_or(batch_status::failed);
  v.report_hash = text(q.getColumn(3));
  v.last_error = text(q.getColumn(4));
  v.gemini_status = text(q.getColumn(5));
  v.gemini_summary = text(q.getColumn(6));
  v.gemini_prompt_hash = text(q.getColumn(7));
  v.gemini_model = text(q.getColumn(8));
  v.progress = q.getColumn(9).getInt();
  v.files = read_files(db, id);
  v.timeline = read_timeline(db, id);
  v.texts = read_texts(db, id);
  v.observations = read_observations(db, id);
  v.score = read_score(db, id);
  v.summary = read_summary(db, id);
  v.gemini = read_run(db, id, false);
  v.last_seq = newest(db);
  return v;
}

class sqlite_reader : public reader {
public:
  explicit sqlite_reader(const store_options& o)
      : root_(o.root), pool_(o.database.string()) {
    // nop
  }

  outcome<batch_view> snapshot(const batch_id& id) override {
    return pool_.with<batch_view>(
        [&](database& db) { return view_of(db, id.text); });
  }

  outcome<std::string> version(const batch_id& id) override {
    return pool_.with<std::string>([&](database& db) -> outcome<std::string> {
      auto& q = db.use("SELECT coalesce(version, 0), updated_at "
                       "FROM audit_batches WHERE id=?");
      q.bind(1, id.text);
      if (!q.executeStep())
        return problem{code::no_such_batch, "Batch not found"};
      return q.getColumn(0).getString() + "-" + q.getColumn(1).getString();
    });
  }

  outcome<batch_page> list(const list_query& query) override {
    return pool_.with<batch_page>(
        [&](database& db) { return read_page(db, query); });
  }

  outcome<std::vector<analysis_record>> analyses(const batch_id& id) override {
    using records = std::vector<analysis_record>;
    return pool_.with<records>([&](database& db) -> outcome<records> {
      auto& q = db.use("SELECT 1 FROM audit_batches WHERE id=?");
      q.bind(1, id.text);
      if (!q.executeStep())
        return problem{code::no_such_batch, "Batch not found"};
      return read_analyses(db, id.text);
    });
  }

  outcome<log_slice> events_after(int64_t seq, std::size_t limit) override {
    return pool_.with<log_slice>(
        [&](database& db) { return read_log(db, seq, limit); });
  }

  int64_t last_seq() override {
    auto n = pool_.with<int64_t>(
        [](database& db) { return outcome<int64_t>{newest(db)}; });
    return n ? n.value() : 0;
  }

  outcome<std::vector<ended_batch>> oldest_ended(std::size_t limit) override {
    using batches = std::vector<ended_batch>;
    return pool_.with<batches>(
        [&](database& db) { return read_ended(db, limit); });
  }

  outcome<disk_figure> disk() override {
    std::error_code failed;
    auto space = fs::space(root_, failed);
    if (failed)
      return problem{code::storage_down, "The disk cannot be looked at"};
    // As df counts: what is kept for root is neither used nor free.
    auto used = space.capacity - space.free;
    return disk_figure{used + space.available, used};
  }

  outcome<std::vector<quarantined_file>>
  quarantined(std::size_t limit) override {
    using files = std::vector<quarantined_file>;
    return pool_.with<files>(
        [&](database& db) { return read_quarantine(db, limit); });
  }

  outcome<verify_page> verify(const std::string& from) override {
    return verify_stored(pool_, root_, from, std::chrono::seconds{1});
  }

  outcome<stored_file> file(const batch_id& id, file_id file) override;
  outcome<stored_file> thumbnail(const batch_id& id, file_id file) override;
  outcome<stored_file> report(const batch_id& id) override;

private:
  fs::path root_;
  pool pool_;
};

outcome<stored_file> sqlite_reader::file(const batch_id& id, file_id file) {
  return pool_.with<stored_file>([&](database& db) -> outcome<stored_file> {
    for (auto& f : read_files(db, id.text))
      if (f.id == file && !f.stored_path.empty())
        return stored_file{root_ / f.stored_path, f.content_type, f.sha256,
                           f.filename, f.size_bytes};
    return problem{code::no_such_file, "File not found"};
  });
}

outcome<stored_file> sqlite_reader::thumbnail(const batch_id& id,
                                              file_id wanted) {
  auto original = file(id, wanted);
  if (!original)
    return original.why();
  auto path = root_ / ".thumbs" / id.text / (std::to_string(wanted.n) + ".jpg");
  std::error_code absent;
  auto size = fs::file_size(path, absent);
  if (absent)
    return problem{code::no_such_file, "Thumbnail not found"};
  return stored_file{path, "image/jpeg", original.value().sha256 + "-320",
                     original.value().filename + ".jpg", size};
}

outcome<stored_file> sqlite_reader::report(const batch_id& id) {
  return pool_.with<stored_file>([&](database& db) -> outcome<stored_file> {
    auto& q = db.use("SELECT report_hash FROM audit_batches WHERE id=?");
    q.bind(1, id.text);
    auto missing = problem{code::no_such_report, "Report not found"};
    if (!q.executeStep())
      return missing;
    auto hash = text(q.getColumn(0));
    auto name = "report-" + id.text + ".pdf";
    std::error_code absent;
    auto size = fs::file_size(root_ / "reports" / name, absent);
    if (!hash || absent)
      return missing;
    return stored_file{root_ / "reports" / name, "application/pdf", *hash, name,
                       size};
  });
}

} // namespace

outcome<std::unique_ptr<reader>> open_reader(const store_options& options) {
  return std::unique_ptr<reader>{new sqlite_reader{options}};
}

} // namespace vigie
