#include "storage/retention_rows.hpp"

namespace vigie {

outcome<std::vector<ended_batch>> read_ended(database& db, std::size_t limit) {
  std::vector<ended_batch> out;
  // In the words of ix_audit_batches_ended, else it would not be used.
  auto& q = db.use("SELECT id, updated_at, (SELECT coalesce(sum(size_bytes), "
                   "0) FROM batch_files WHERE batch_id=audit_batches.id) FROM "
                   "audit_batches WHERE status<>'processing' ORDER BY "
                   "updated_at, id LIMIT ?");
  q.bind(1, static_cast<int64_t>(limit));
  while (q.executeStep())
    out.push_back({{q.getColumn(0).getString()},
                   instant(q.getColumn(1)),
                   static_cast<uint64_t>(q.getColumn(2).getInt64())});
  return out;
}

} // namespace vigie
