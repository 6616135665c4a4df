#pragma once

#include "storage/backup.hpp"
#include "storage/database.hpp"
#include "storage/inventory.hpp"
#include "storage/manifest.hpp"
#include "storage/object_pool.hpp"

#include <sys/stat.h>

#include <map>
#include <memory>
#include <optional>

namespace vigie {

/// One run of make_backup, step by step. Steps throw SQLite::Exception.
class backup_run {
public:
  explicit backup_run(const backup_wish& wish);
  outcome<backup_tale> run();

private:
  static constexpr auto most_passes = 20;
  /// Files held open at once, well below the usual limit of 1,024.
  static constexpr std::size_t most_pins = 512;

  outcome<done> same_storage();
  outcome<done> copy_ahead();
  outcome<bool> pin();
  outcome<done> copy_files();
  outcome<done> copy_database();
  outcome<done> copy_keys();
  outcome<done> publish();
  std::optional<backup_entry> held(const named_file& f);
  outcome<backup_entry> copy(const named_file& f, const open_file& from);
  void add(const named_file& f, const backup_entry& e);
  static int64_t mtime_ns(const struct stat& is) {
    return is.st_mtim.tv_sec * 1'000'000'000 + is.st_mtim.tv_nsec;
  }

  backup_wish wish_;
  object_pool pool_;
  std::map<std::string, backup_entry> known_; ///< By path.
  std::unique_ptr<database> snapshot_;        ///< The rows that are copied.
  int64_t seen_ = 0; ///< Up to this event copy_ahead knows of every file.
  std::map<std::string, open_file> pins_; ///< Readable even when deleted.
  std::vector<backup_entry> entries_;
  backup_tale tale_;
};

} // namespace vigie
