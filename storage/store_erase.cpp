// A batch goes: its rows in one transaction, its files after the commit.

#include "domain/names.hpp"
#include "storage/blob_store.hpp"
#include "storage/files.hpp"
#include "storage/json_columns.hpp"
#include "storage/writer.hpp"

#include <system_error>

namespace vigie {

namespace fs = std::filesystem;

/// A deletion on a full disk is done once more, alone, in the room that is kept
/// for it; what else came with it waits.
std::vector<outcome<change_answer>>
sqlite_store::apply(const std::vector<change>& group) {
  auto answers = attempt(group);
  for (std::size_t i = 0; i < group.size(); ++i)
    if (!answers[i] && answers[i].why().id == code::disk_full
        && std::holds_alternative<erasure>(group[i].what)
        && room_to_erase_.release()) {
      answers[i] = std::move(attempt(std::span{group}.subspan(i, 1)).front());
      room_to_erase_.make();
    }
  room_to_erase_.make();
  return answers;
}

applied sqlite_store::erase(const batch_id& id) {
  if (status_of(id) == batch_status::processing)
    throw refusal{{code::batch_busy, "The batch is still being processed"}};
  mark(id);
  event_draft gone;
  gone.deleted = true;
  // The log's first row stays, for it says how far back the log reaches; it
  // tells of the end instead. Readers in between miss nothing but this batch.
  auto& first = db_.use("UPDATE event_log SET data=? WHERE batch_id=? AND "
                        "seq=(SELECT min(seq) FROM event_log)");
  first.bind(1, event_json(id, gone, {}, {}));
  first.bind(2, id.text);
  first.exec();
  for (auto* sql : {
           "DELETE FROM event_log WHERE batch_id=? AND "
           "seq>(SELECT min(seq) FROM event_log)",
           // Paid answers about files that no other batch holds.
           "DELETE FROM model_answers WHERE input_hash IN (SELECT "
           "checksum_sha256 FROM batch_files AS f WHERE f.batch_id=? AND NOT "
           "EXISTS (SELECT 1 FROM batch_files AS other WHERE "
           "other.checksum_sha256=f.checksum_sha256 AND "
           "other.batch_id<>f.batch_id))",
           "DELETE FROM model_answers WHERE batch_id=?", // its summary
           "DELETE FROM processing_events WHERE batch_id=?",
           "DELETE FROM stage_results WHERE batch_id=?",
           "DELETE FROM ocr_texts WHERE batch_id=?",
           "DELETE FROM vision_observations WHERE batch_id=?",
           "DELETE FROM gemini_runs WHERE batch_id=?",
           "DELETE FROM gemini_analyses WHERE batch_id=?",
           "DELETE FROM risk_scores WHERE batch_id=?",
           "DELETE FROM batch_reports WHERE batch_id=?",
           "DELETE FROM batch_files WHERE batch_id=?",
           "DELETE FROM audit_batches WHERE id=?",
       }) {
    auto& q = db_.use(sql);
    q.bind(1, id.text);
    q.exec();
  }
  return applied::yes;
}

/// The mark of an uncommitted batch: when a crash comes between the commit and
/// the removal, the sweep at the next start finds the folder by it; when it
/// comes before the commit, the sweep only takes the mark away. Where it cannot
/// be made the deletion goes on all the same: it is what makes room.
void sqlite_store::mark(const batch_id& id) {
  if (!valid_batch_id(id.text) || reserved_batch_id(id.text))
    return; // an old server's row: its id names no folder of ours
  auto home = root_ / id.text;
  std::error_code ignored;
  fs::create_directories(home, ignored);
  set_mark(home);
  sync_dir(home);
  erased_.push_back(id);
}

/// Once for a whole group, however many names came into a folder: before the
/// commit that speaks of them.
void sqlite_store::sync_folders() {
  for (auto& dir : unsynced_)
    if (auto error = sync_dir(dir))
      throw std::system_error{error, std::generic_category(), dir.string()};
  unsynced_.clear();
}

void sqlite_store::undo_moves() {
  std::error_code ignored; // the sweep at the next start finds what is left
  for (auto& dir : moved_)
    fs::remove_all(dir, ignored);
  for (auto& id : erased_)
    clear_mark(root_ / id.text);
  unsynced_.clear();
  moved_.clear();
  given_back_.clear();
  erased_.clear();
  purged_.clear();
}

void sqlite_store::settle_moves() {
  std::error_code ignored;
  for (auto& dir : moved_)
    clear_mark(dir);
  for (auto& dir : given_back_)
    fs::remove_all(dir, ignored);
  for (auto& id : erased_)
    remove_batch_files(root_, id);
  for (auto& path : purged_) {
    fs::remove(path, ignored);
    sync_dir(path.parent_path());
  }
  purged_.clear();
  moved_.clear();
  given_back_.clear();
  erased_.clear();
}

} // namespace vigie
