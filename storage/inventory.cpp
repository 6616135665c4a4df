#include "storage/inventory.hpp"

#include "domain/names.hpp"
#include "storage/files.hpp"

#include <set>

namespace vigie {

namespace {

inventory collect(SQLite::Statement& files, SQLite::Statement& batches) {
  inventory all;
  std::set<std::string> paths;
  auto add = [&](named_file f) {
    if (paths.insert(f.path).second)
      all.files.push_back(std::move(f));
  };
  while (files.executeStep()) {
    auto batch = files.getColumn(0).getString();
    if (!valid_batch_id(batch))
      continue; // an old server's row: its id names no folder of ours
    add({"evidence", relative_path(batch, files.getColumn(2).getString()),
         files.getColumn(3).getString()});
    add({"thumbnail",
         ".thumbs/" + batch + "/" + files.getColumn(1).getString() + ".jpg",
         {}});
  }
  while (batches.executeStep()) {
    ++all.batches;
    auto id = batches.getColumn(0).getString();
    if (auto hash = text(batches.getColumn(1)); hash && valid_batch_id(id))
      add({"report", "reports/report-" + id + ".pdf", *hash});
  }
  return all;
}

} // namespace

inventory read_inventory(database& db) {
  auto all = collect(db.use("SELECT batch_id, id, stored_path, "
                            "checksum_sha256 FROM batch_files ORDER BY id"),
                     db.use("SELECT id, report_hash FROM audit_batches"));
  auto& newest = db.use("SELECT coalesce(max(seq), 0) FROM event_log");
  newest.executeStep();
  all.seq = newest.getColumn(0).getInt64();
  return all;
}

inventory read_changed(database& db, int64_t seq) {
  // No batch appears, and none gets a report, without an event of its own.
  auto& files =
      db.use("SELECT f.batch_id, f.id, f.stored_path, f.checksum_sha256 FROM "
             "(SELECT DISTINCT batch_id FROM event_log WHERE seq>?) AS e "
             "JOIN batch_files AS f ON f.batch_id=e.batch_id");
  auto& batches =
      db.use("SELECT b.id, b.report_hash FROM "
             "(SELECT DISTINCT batch_id FROM event_log WHERE seq>?) AS e "
             "JOIN audit_batches AS b ON b.id=e.batch_id");
  files.bind(1, seq);
  batches.bind(1, seq);
  return collect(files, batches);
}

} // namespace vigie
