#include "storage/quarantine_rows.hpp"

#include "domain/job.hpp"
#include "storage/json_columns.hpp"

namespace vigie {

std::vector<quarantined_file> read_quarantine(database& db, std::size_t limit) {
  std::vector<quarantined_file> out;
  auto& q =
      db.use("SELECT f.batch_id, f.id, f.filename, r.stage, r.created_at, "
             "f.warnings FROM batch_files AS f JOIN "
             "stage_results AS r ON r.batch_id=f.batch_id AND "
             "r.file_id=f.id AND r.ok=0 AND r.error_code=? WHERE "
             "f.status='quarantined' AND f.stored_path<>'' ORDER BY "
             "r.created_at DESC, f.id DESC "
             "LIMIT ?");
  q.bind(1, broken_code);
  q.bind(2, static_cast<int64_t>(limit));
  while (q.executeStep()) {
    quarantined_file f;
    f.batch = {q.getColumn(0).getString()};
    f.file = {q.getColumn(1).getInt64()};
    f.filename = q.getColumn(2).getString();
    f.what = parse_stage(q.getColumn(3).getString()).value_or(f.what);
    f.since = instant(q.getColumn(4));
    for (auto& w : read_warnings(text(q.getColumn(5))))
      if (w.code == broken_code)
        f.reason = w.message;
    out.push_back(std::move(f));
  }
  return out;
}

} // namespace vigie
