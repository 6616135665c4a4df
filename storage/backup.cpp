#include "storage/backup_run.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace vigie {

namespace fs = std::filesystem;

backup_run::backup_run(const backup_wish& wish)
    : wish_(wish), pool_(wish.dest) {
  // What was copied without a recorded hash is known by its size and time.
  if (auto old = read_manifest(wish.dest))
    for (auto& e : old.value().entries)
      known_[e.path] = e;
}

/// A backup of somebody else's would be replaced by ours.
outcome<done> backup_run::same_storage() {
  auto evidence = [](auto& e) { return e.first.find('/') != e.first.npos; };
  if (std::none_of(known_.begin(), known_.end(), evidence))
    return done{};
  database db{wish_.database.string(), database::mode::read};
  auto all = read_inventory(db);
  for (auto& f : all.files)
    if (known_.contains(f.path))
      return done{};
  return problem{code::bad_request,
                 wish_.dest.string()
                     + ": holds a backup of which no file is in this storage "
                       "folder. Is --storage or --config missing? Else choose "
                       "another folder"};
}

outcome<backup_tale> backup_run::run() {
  if (auto same = same_storage(); !same)
    return same.why();
  for (auto pass = 0; pass < most_passes; ++pass) {
    if (auto copied = copy_ahead(); !copied)
      return copied.why();
    auto pinned = pin();
    if (!pinned)
      return pinned.why();
    if (!pinned.value())
      continue; // too much came meanwhile: once more without the lock
    for (auto step : {&backup_run::copy_files, &backup_run::copy_database,
                      &backup_run::copy_keys, &backup_run::publish})
      if (auto good = (this->*step)(); !good)
        return good.why();
    return tale_;
  }
  return problem{code::storage_down,
                 "files come faster than they can be copied: try again later"};
}

/// Without any lock, and so without any promise: what is gone is passed over.
outcome<done> backup_run::copy_ahead() {
  database db{wish_.database.string(), database::mode::read};
  db.run("BEGIN");
  auto all = read_inventory(db);
  db.commit();
  seen_ = all.seq;
  for (auto& f : all.files) {
    if (held(f))
      continue;
    if (auto from = open_file::read(wish_.root / f.path))
      if (auto e = copy(f, from); !e && e.why().id == code::disk_full)
        return problem{code::disk_full, wish_.dest.string() + ": disk full"};
  }
  return done{};
}

/// Only what has changed since copy_ahead is looked at under the lock, however
/// large the store. Answers whether all of that could be held open.
outcome<bool> backup_run::pin() {
  pins_.clear();
  database writer{wish_.database.string(), database::mode::write};
  snapshot_ =
      std::make_unique<database>(wish_.database.string(), database::mode::read);
  writer.run("BEGIN IMMEDIATE"); // nothing is deleted until it is rolled back
  snapshot_->run("BEGIN");
  for (auto& f : read_changed(*snapshot_, seen_).files) {
    if (held(f))
      continue;
    if (pins_.size() == most_pins)
      return false;
    if (auto from = open_file::read(wish_.root / f.path))
      pins_.emplace(f.path, std::move(from));
  }
  writer.run("ROLLBACK");
  return true;
}

/// The entry of a file whose bytes `dest` has already.
std::optional<backup_entry> backup_run::held(const named_file& f) {
  if (pool_.holds(f.sha256))
    return backup_entry{f.kind, f.path, f.sha256, pool_.size(f.sha256), 0};
  auto known = known_.find(f.path);
  struct stat is {};
  if (known == known_.end() || ::lstat((wish_.root / f.path).c_str(), &is) != 0)
    return std::nullopt;
  auto& e = known->second;
  auto same = static_cast<uint64_t>(is.st_size) == e.size
              && mtime_ns(is) == e.mtime_ns && pool_.holds(e.sha256);
  return same ? std::optional{e} : std::nullopt;
}

outcome<backup_entry> backup_run::copy(const named_file& f,
                                       const open_file& from) {
  struct stat is {};
  if (::fstat(from.fd(), &is) != 0 || !S_ISREG(is.st_mode))
    return problem{code::storage_down, "is no file"};
  auto what = pool_.take(from.fd());
  if (!what)
    return what.why();
  ++tale_.copied;
  tale_.copied_bytes += what.value().size;
  auto e = backup_entry{f.kind, f.path, what.value().sha256, what.value().size,
                        mtime_ns(is)};
  known_[f.path] = e;
  return e;
}

void backup_run::add(const named_file& f, const backup_entry& e) {
  if (!f.sha256.empty() && f.sha256 != e.sha256)
    tale_.faults.push_back(f.path + ": its bytes are not those recorded");
  ++tale_.files;
  tale_.bytes += e.size;
  entries_.push_back(e);
}

/// Every file that the snapshot names. One that is neither held nor pinned was
/// not to be had while its batch stood, but for a thumbnail that is new.
outcome<done> backup_run::copy_files() {
  auto all = read_inventory(*snapshot_);
  tale_.batches = all.batches;
  for (auto& f : all.files) {
    if (auto e = held(f)) {
      add(f, *e);
      continue;
    }
    auto pinned = pins_.find(f.path);
    auto from = pinned == pins_.end() ? open_file::read(wish_.root / f.path)
                                      : std::move(pinned->second);
    if (!from) {
      if (errno != ENOENT || f.kind != "thumbnail")
        tale_.faults.push_back(f.path + ": " + std::strerror(errno));
      continue;
    }
    auto e = copy(f, from);
    if (e)
      add(f, e.value());
    else if (e.why().id == code::disk_full)
      return problem{code::disk_full, wish_.dest.string() + ": disk full"};
    else
      tale_.faults.push_back(f.path + ": " + e.why().detail);
  }
  return done{};
}

outcome<done> backup_run::copy_database() {
  auto draft = pool_.draft();
  std::error_code ignored;
  fs::create_directories(draft.parent_path(), ignored);
  fs::remove(draft, ignored);
  snapshot_->copy_to(draft.string());
  snapshot_.reset();
  fs::permissions(draft, fs::perms::owner_read | fs::perms::owner_write,
                  ignored);
  auto what = pool_.adopt(draft);
  if (!what)
    return what.why();
  add({"database", "vigie.db", {}},
      {"database", "vigie.db", what.value().sha256, what.value().size, 0});
  return done{};
}

} // namespace vigie
