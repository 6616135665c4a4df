// What a pipeline needs to begin or to go on.

#include "storage/rows.hpp"
#include "storage/writer.hpp"

#include <algorithm>

namespace vigie {

namespace {

std::vector<std::string> said_codes(database& db, const std::string& id) {
  std::vector<std::string> out;
  auto& q = db.use("SELECT DISTINCT code FROM processing_events "
                   "WHERE batch_id=? AND seq IS NOT NULL");
  q.bind(1, id);
  while (q.executeStep())
    out.push_back(q.getColumn(0).getString());
  return out;
}

void read_done(database& db, batch_state& state) {
  auto& q = db.use("SELECT file_id, stage, perceptual_hash FROM stage_results "
                   "WHERE batch_id=?");
  q.bind(1, state.id.text);
  while (q.executeStep()) {
    auto file = file_id{q.getColumn(0).getInt64()};
    auto what = parse_stage(q.getColumn(1).getString());
    if (!what)
      continue;
    auto print = number(q.getColumn(2));
    if (file.n != 0)
      state.done.push_back({file, *what,
                            print ? std::optional{static_cast<uint64_t>(*print)}
                                  : std::nullopt});
    else if (*what == stage::text)
      state.joined = true;
    else
      state.done_after.push_back(*what);
  }
}

} // namespace

outcome<batch_state> sqlite_store::load(const batch_id& id) {
  database::reading until_the_end{db_};
  try {
    auto status = status_of(id);
    if (!status)
      return problem{code::no_such_batch, "Batch not found"};
    batch_state state;
    state.id = id;
    state.status = *status;
    read_done(db_, state);
    if (state.done.empty() && *status == batch_status::processing)
      forget_partial(id);
    state.files = read_files(db_, id.text);
    state.said = said_codes(db_, id.text);
    state.run = read_run(db_, id.text, true);
    return state;
  } catch (const std::exception& e) {
    return trouble(e);
  }
}

/// Nothing of ours stands: what rows there are, the old server left half-done,
/// and all of it is made again.
void sqlite_store::forget_partial(const batch_id& id) {
  db_.rest(); // a write behind an open read fails once another has written
  for (auto* sql : {"DELETE FROM ocr_texts WHERE batch_id=?",
                    "DELETE FROM vision_observations WHERE batch_id=?",
                    "DELETE FROM risk_scores WHERE batch_id=?",
                    "DELETE FROM batch_reports WHERE batch_id=?"}) {
    auto& q = db_.use(sql);
    q.bind(1, id.text);
    q.exec();
  }
}

outcome<std::vector<open_batch>> sqlite_store::unfinished() {
  database::reading until_the_end{db_};
  try {
    std::vector<open_batch> out;
    auto& q = db_.use("SELECT id, (SELECT coalesce(sum(size_bytes), 0) FROM "
                      "batch_files WHERE batch_id=audit_batches.id) "
                      "FROM audit_batches WHERE status='processing' "
                      "ORDER BY created_at, id");
    while (q.executeStep())
      out.push_back({{q.getColumn(0).getString()},
                     static_cast<uint64_t>(q.getColumn(1).getInt64())});
    return out;
  } catch (const std::exception& e) {
    return trouble(e);
  }
}

void sqlite_store::touch(const batch_id& id) {
  auto& q = db_.use("UPDATE audit_batches SET "
                    "version=coalesce(version,0)+1 WHERE id=?");
  q.bind(1, id.text);
  q.exec();
}

} // namespace vigie
