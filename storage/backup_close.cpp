// The end of a backup: keys, and the manifest that makes it whole.

#include "domain/time.hpp"
#include "storage/backup_run.hpp"
#include "storage/files.hpp"
#include "storage/folder_lock.hpp"

#include <sys/stat.h>

#include <cstring>

namespace vigie {

namespace fs = std::filesystem;

namespace {

/// An interrupted first backup has objects and no manifest.
bool holds_other_things(const fs::path& dest) {
  std::error_code ignored;
  for (auto& entry : fs::directory_iterator(dest, ignored))
    if (auto name = entry.path().filename();
        name != "objects" && name != ".lock" && name != "lost+found")
      return !fs::exists(manifest_path(dest), ignored);
  return false;
}

bool is_below(const fs::path& what, const fs::path& root) {
  std::error_code ignored;
  auto way = fs::weakly_canonical(what, ignored)
                 .lexically_relative(fs::weakly_canonical(root, ignored));
  return !way.empty() && *way.begin() != "..";
}

} // namespace

outcome<done> backup_run::copy_keys() {
  std::error_code failed;
  if (!wish_.with_keys)
    return done{};
  auto pki = wish_.root / ".pki";
  for (fs::recursive_directory_iterator i{pki, failed}, end;
       !failed && i != end; i.increment(failed)) {
    if (!i->is_regular_file(failed) || i->path().filename() == ".lock")
      continue; // CAF's socket is there, too
    auto f =
        named_file{"key", fs::relative(i->path(), wish_.root).string(), {}};
    auto e = copy(f, open_file::read(i->path()));
    if (!e)
      return problem{code::storage_down, f.path + ": " + e.why().detail};
    add(f, e.value());
  }
  if (failed)
    return problem{code::storage_down, ".pki: " + failed.message()};
  return done{};
}

outcome<done> backup_run::publish() {
  if (auto safe = pool_.sync(); !safe)
    return safe.why();
  tale_.made_at = rfc3339(wish_.now);
  auto list = manifest{tale_.made_at, wish_.version, tale_.batches, entries_};
  if (auto error =
          write_durably(manifest_path(wish_.dest), manifest_text(list)))
    return problem{is_full(error) ? code::disk_full : code::storage_down,
                   wish_.dest.string() + ": " + std::strerror(error)};
  std::set<std::string> named;
  for (auto& e : entries_)
    named.insert(e.sha256);
  pool_.sweep(named); // evidence that was deleted goes from the backup as well
  return done{};
}

outcome<backup_tale> make_backup(const backup_wish& wish) {
  std::error_code failed;
  if (!fs::exists(wish.database, failed))
    return problem{code::bad_request, "storage.database: there is none at "
                                          + wish.database.string()};
  if (is_below(wish.dest, wish.root))
    return problem{code::bad_request,
                   wish.dest.string()
                       + ": is in the storage folder; a backup "
                         "belongs elsewhere"};
  fs::create_directories(wish.dest, failed);
  if (failed)
    return problem{code::bad_request,
                   wish.dest.string() + ": " + failed.message()};
  if (holds_other_things(wish.dest))
    return problem{code::bad_request,
                   wish.dest.string() + ": is not empty, and no backup"};
  ::chmod(wish.dest.c_str(), 0700); // evidence of people, maybe keys
  auto lock = folder_lock::take(wish.dest);
  if (!lock)
    return problem{code::bad_request, wish.dest.string()
                                          + ": cannot be written, or another "
                                            "backup into it is under way"};
  try {
    return backup_run{wish}.run();
  } catch (const std::exception& e) {
    return problem{trouble(e).id, std::string{"storage.database: "} + e.what()};
  }
}

} // namespace vigie
