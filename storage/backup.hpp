#pragma once

#include "domain/batch.hpp"
#include "domain/outcome.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace vigie {

struct backup_wish {
  std::filesystem::path root, database; ///< As store_options has them.
  std::filesystem::path dest;
  bool with_keys = false; ///< `.pki`, too: who may join the worker network.
  std::string version;
  utc_time now;
};

struct backup_tale {
  std::size_t batches = 0, files = 0, copied = 0;
  uint64_t bytes = 0, copied_bytes = 0;
  std::string made_at;
  std::vector<std::string> faults; ///< A sentence each, naming the file.
};

/// Copies a storage folder, beside its running server. Files are copied before
/// the database and after it; in between one write lock of some milliseconds
/// fixes the rows and opens what they name and `dest` lacks, so that a batch
/// that is deleted meanwhile is whole in the copy, or not in it. `dest` keeps
/// the backup that it had until the new one is complete.
/// Files that are gone or are not as recorded are faults; the rest is copied.
outcome<backup_tale> make_backup(const backup_wish& wish);

/// Reads every byte. Damage is a fault; a problem: there is no whole backup.
outcome<backup_tale> verify_backup(const std::filesystem::path& dest);

struct restore_wish {
  std::filesystem::path from;
  std::filesystem::path root, database;
  bool despite_damage = false; ///< Leave out what is damaged, but the database.
};

/// Into a folder that is empty or absent; refuses one in use. Verifies first,
/// and again what it wrote. The database comes last. After a problem nothing
/// is left in the folder.
outcome<backup_tale> restore_backup(const restore_wish& wish);

} // namespace vigie
