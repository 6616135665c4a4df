// A file in quarantine is given up: its row stays, its bytes go after the
// commit.

#include "storage/files.hpp"
#include "storage/json_columns.hpp"
#include "storage/writer.hpp"

namespace vigie {

namespace {

constexpr auto purged_code = "file-purged";

} // namespace

/// May be done again: whatever a crash left of the bytes goes then.
applied sqlite_store::purge(const batch_id& id, file_id file) {
  if (status_of(id) == batch_status::processing)
    throw refusal{{code::batch_busy, "The batch is still being processed"}};
  auto& q = db_.use("SELECT f.filename, f.stored_path, f.status, f.warnings, "
                    "EXISTS (SELECT 1 FROM batch_files AS o WHERE "
                    "o.batch_id=f.batch_id AND o.id<>f.id AND "
                    "o.filename=f.filename AND o.stored_path<>'') FROM "
                    "batch_files AS f WHERE f.batch_id=? AND f.id=?");
  q.bind(1, id.text);
  q.bind(2, file.n);
  if (!q.executeStep())
    throw refusal{{code::no_such_file, "The batch holds no such file"}};
  auto name = q.getColumn(0).getString();
  auto stored = q.getColumn(1).getString();
  if (text(q.getColumn(2)) != "quarantined")
    throw refusal{{code::bad_request, name + " is not in quarantine"}};
  auto warnings = read_warnings(text(q.getColumn(3)));
  auto shared = q.getColumn(4).getInt() != 0; // an old server let names clash
  if (!shared)
    purged_.push_back(root_
                      / relative_path(id.text, stored.empty() ? name : stored));
  purged_.push_back(root_ / ".thumbs" / id.text
                    / (std::to_string(file.n) + ".jpg"));
  if (stored.empty())
    return applied::duplicate;
  warnings.push_back({purged_code, "Ce fichier a été retiré du stockage par un "
                                   "administrateur."});
  auto& gone = db_.use("UPDATE batch_files SET stored_path='', warnings=? "
                       "WHERE id=?");
  put(gone, 1, warnings_json(warnings));
  gone.bind(2, file.n);
  gone.exec();
  return applied::yes;
}

} // namespace vigie
