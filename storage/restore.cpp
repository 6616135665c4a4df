// The way back: a backup is read, checked, and written into an empty folder.

#include "storage/backup.hpp"
#include "storage/files.hpp"
#include "storage/folder_lock.hpp"
#include "storage/manifest.hpp"
#include "storage/object_pool.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>

namespace vigie {

namespace {

namespace fs = std::filesystem;

problem cannot(const std::string& what, int error) {
  return {is_full(error) ? code::disk_full : code::storage_down,
          what + ": " + std::strerror(error)};
}

/// What is wrong with an object; nothing: it is as it was.
std::optional<std::string> damage(const object_pool& pool,
                                  const backup_entry& e) {
  auto file = " (objects/" + e.sha256.substr(0, 2) + "/" + e.sha256 + ")";
  auto from = open_file::read(pool.at(e.sha256));
  if (!from)
    return std::strerror(errno) + file;
  auto is = copy_hashed(from.fd(), -1);
  if (!is)
    return is.why().detail + file;
  if (is.value().sha256 != e.sha256)
    return "its bytes are not those of the backup" + file;
  return std::nullopt;
}

backup_tale tale_of(const manifest& list) {
  backup_tale tale;
  tale.batches = list.batches;
  tale.files = list.entries.size();
  tale.made_at = list.made_at;
  for (auto& e : list.entries)
    tale.bytes += e.size;
  return tale;
}

/// Entries whose objects are whole; the others become faults of the tale.
std::vector<backup_entry> whole(const object_pool& pool, const manifest& list,
                                backup_tale& tale) {
  std::map<std::string, std::optional<std::string>> seen; // twice the same file
  std::vector<backup_entry> good;
  for (auto& e : list.entries) {
    auto known = seen.find(e.sha256);
    if (known == seen.end())
      known = seen.emplace(e.sha256, damage(pool, e)).first;
    if (known->second)
      tale.faults.push_back(e.path + ": " + *known->second);
    else
      good.push_back(e);
  }
  return good;
}

class restoring {
public:
  explicit restoring(const restore_wish& wish)
      : wish_(wish), pool_(wish.from) {}

  ~restoring() {
    std::error_code ignored;
    if (!complete_)
      for (auto& entry : fs::directory_iterator(wish_.root, ignored))
        if (entry.path().filename() != "lost+found") // not ours
          fs::remove_all(entry.path(), ignored);
  }

  outcome<done> write(const std::vector<backup_entry>& entries) {
    const backup_entry* database = nullptr;
    for (auto& e : entries) {
      if (e.kind == "database") {
        database = &e;
        continue;
      }
      if (auto good = write_one(e, wish_.root / e.path); !good)
        return good;
    }
    for (auto folder : {"reports", ".thumbs"})
      fs::create_directories(wish_.root / folder);
    if (!database)
      return problem{code::bad_request, "vigie.db: the backup has none that is "
                                        "whole; nothing is restored"};
    ::sync(); // before the database names them
    return place(*database);
  }

private:
  outcome<done> place(const backup_entry& e) {
    auto draft = wish_.database;
    draft += ".restoring";
    std::error_code failed;
    fs::remove(draft, failed);
    fs::create_directories(fs::absolute(draft).parent_path(), failed);
    if (auto good = write_one(e, draft); !good)
      return good;
    ::sync();
    if (::rename(draft.c_str(), wish_.database.c_str()) != 0)
      return cannot("storage.database", errno);
    sync_dir(fs::absolute(draft).parent_path());
    complete_ = true;
    return done{};
  }

  outcome<done> write_one(const backup_entry& e, const fs::path& home) {
    auto secret = e.kind == "key";
    std::error_code failed;
    fs::create_directories(home.parent_path(), failed);
    if (secret) // as the server keeps it
      fs::permissions(home.parent_path(), fs::perms::owner_all, failed);
    auto from = open_file::read(pool_.at(e.sha256));
    auto to = open_file::create(home, secret ? 0600 : 0640);
    if (!from || !to)
      return cannot(e.path, errno);
    auto what = copy_hashed(from.fd(), to.fd());
    if (!what)
      return problem{what.why().id, e.path + ": " + what.why().detail};
    if (what.value().sha256 != e.sha256)
      return problem{code::storage_down,
                     e.path + ": changed while it was restored"};
    return done{};
  }

  const restore_wish& wish_;
  object_pool pool_;
  bool complete_ = false;
};

outcome<folder_lock> claim(const restore_wish& wish) {
  std::error_code failed;
  fs::create_directories(wish.root, failed);
  if (fs::exists(wish.root / ".lock", failed))
    if (auto lock = folder_lock::take(wish.root); !lock)
      return lock;
  for (auto& entry : fs::directory_iterator(wish.root, failed))
    if (entry.path().filename() != "lost+found")
      return problem{code::bad_request,
                     "storage.path: the folder is not empty; "
                     "a restore needs an empty one"};
  if (fs::exists(wish.database, failed))
    return problem{code::bad_request,
                   "storage.database: is there already; a restore overwrites "
                   "nothing"};
  return folder_lock::take(wish.root);
}

} // namespace

outcome<backup_tale> verify_backup(const fs::path& dest) {
  auto list = read_manifest(dest);
  if (!list)
    return list.why();
  auto tale = tale_of(list.value());
  whole(object_pool{dest}, list.value(), tale);
  return tale;
}

outcome<backup_tale> restore_backup(const restore_wish& wish) {
  auto list = read_manifest(wish.from);
  if (!list)
    return list.why();
  auto lock = claim(wish);
  if (!lock)
    return lock.why();
  auto tale = tale_of(list.value());
  restoring run{wish};
  auto good = whole(object_pool{wish.from}, list.value(), tale);
  if (!tale.faults.empty() && !wish.despite_damage)
    return problem{code::bad_request,
                   tale.faults.front() + "; nothing is restored ("
                       + std::to_string(tale.faults.size())
                       + " files are damaged; --despite-damage leaves them "
                         "out)"};
  tale.files = good.size();
  tale.bytes = 0;
  for (auto& e : good)
    tale.bytes += e.size;
  auto written = run.write(good);
  if (!written)
    return written.why();
  return tale;
}

} // namespace vigie
