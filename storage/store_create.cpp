// New batches: the only change that also moves files.

#include "domain/names.hpp"
#include "storage/files.hpp"
#include "storage/json_columns.hpp"
#include "storage/writer.hpp"

#include <cerrno>
#include <cstdio>
#include <set>

namespace vigie {

namespace fs = std::filesystem;

applied sqlite_store::create(const change& c, const new_batch& b) {
  if (auto known = status_of(b.id))
    return post_again(b, *known);
  move_in(b);
  auto& q = db_.use("INSERT INTO audit_batches "
                    "(id, created_at, updated_at, status, progress, version, "
                    "owner) VALUES (?, ?, ?, 'processing', 0, 0, ?)");
  q.bind(1, c.batch.text);
  q.bind(2, sql_time(b.created_at));
  q.bind(3, sql_time(b.created_at));
  put(q, 4, b.owner);
  q.exec();
  insert_files(b);
  return applied::yes;
}

applied sqlite_store::post_again(const new_batch& b, batch_status now) {
  std::multiset<std::string> ours, theirs;
  auto& q = db_.use("SELECT filename, checksum_sha256 FROM batch_files "
                    "WHERE batch_id=?");
  q.bind(1, b.id.text);
  while (q.executeStep())
    ours.insert(q.getColumn(1).getString() + q.getColumn(0).getString());
  for (auto& f : b.files)
    theirs.insert(f.sha256 + f.filename);
  if (ours != theirs || (b.own_only && owner_of(b.id) != b.owner))
    throw refusal{{code::batch_conflict, "Batch " + b.id.text
                                             + " exists with other files; its "
                                               "evidence is left as it is"}};
  given_back_.push_back(b.staging_dir);
  if (now != batch_status::failed && now != batch_status::cancelled)
    return applied::duplicate;
  clear_for_retry(b.id, files_to_redo(b.id));
  return applied::restarted;
}

/// The folder has its mark and is durable (staged_upload::release); that it is
/// here will be before the commit.
void sqlite_store::move_in(const new_batch& b) {
  auto failed = [](int error) {
    return refusal{is_full(error)
                       ? problem{code::disk_full, "The disk is full"}
                       : problem{code::storage_down, "Files cannot be stored"}};
  };
  auto home = root_ / b.id.text;
  // SQLite would take a folder called `…-journal` or `…-wal` for its own.
  if (named_after(b.id.text, fs::path{db_.file()}.filename().string()))
    throw refusal{{code::bad_request, "client_batch_id: begins with the name "
                                      "of the server's database"}};
  if (fs::exists(home))
    throw refusal{
        {code::batch_conflict, "A folder of that batch id exists already"}};
  if (::rename(b.staging_dir.c_str(), home.c_str()) != 0)
    throw failed(errno);
  moved_.push_back(home);
  unsynced_.insert(root_);
}

void sqlite_store::insert_files(const new_batch& b) {
  for (auto& f : b.files) {
    auto& q =
        db_.use("INSERT INTO batch_files (batch_id, filename, content_type, "
                "size_bytes, checksum_sha256, stored_path, status) "
                "VALUES (?, ?, ?, ?, ?, ?, 'pending')");
    q.bind(1, b.id.text);
    q.bind(2, f.filename);
    q.bind(3, f.content_type);
    q.bind(4, static_cast<int64_t>(f.size_bytes));
    q.bind(5, f.sha256);
    q.bind(6, b.id.text + "/" + f.filename);
    q.exec();
  }
}

} // namespace vigie
