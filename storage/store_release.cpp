// One file comes out of quarantine; its batch goes back to work.

#include "storage/writer.hpp"

namespace vigie {

applied sqlite_store::release(const batch_id& id, const std::string& named) {
  if (status_of(id) == batch_status::processing)
    throw refusal{{code::batch_busy, "The batch is still being processed"}};
  auto file = find_quarantined(id, named);
  forget_failures(id, file);
  auto& q = db_.use("UPDATE batch_files SET status='pending' WHERE id=?");
  q.bind(1, file.n);
  q.exec();
  clear_drawn(id);
  reopen(id);
  return applied::restarted;
}

/// A name goes before an id: a file may be called `7`.
file_id sqlite_store::find_quarantined(const batch_id& id,
                                       const std::string& named) {
  auto& q = db_.use(
      "SELECT id, status, stored_path FROM batch_files WHERE batch_id=?1 AND "
      "(filename=?2 OR CAST(id AS TEXT)=?2) ORDER BY "
      "filename=?2 DESC, status='quarantined' DESC LIMIT 1");
  q.bind(1, id.text);
  q.bind(2, named);
  if (!q.executeStep())
    throw refusal{{code::no_such_file, "The batch holds no file " + named}};
  if (text(q.getColumn(1)) != "quarantined")
    throw refusal{{code::bad_request, named + " is not in quarantine"}};
  if (q.getColumn(2).getString().empty())
    throw refusal{{code::bad_request, named + " was purged"}};
  return {q.getColumn(0).getInt64()};
}

} // namespace vigie
