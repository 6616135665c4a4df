#pragma once

#include "domain/outcome.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace vigie {

/// One file of a backup: where it belongs, and its bytes by hash.
struct backup_entry {
  std::string kind;   ///< database, evidence, thumbnail, report or key
  std::string path;   ///< Below the storage folder; of the database its name.
  std::string sha256; ///< Lower-case hex; the object of that name has it.
  uint64_t size = 0;
  int64_t mtime_ns = 0; ///< Of the original; 0: not looked at.
};

/// The list that makes a backup whole: written last, in one step.
struct manifest {
  std::string made_at; ///< RFC 3339
  std::string version; ///< Of the program.
  std::size_t batches = 0;
  std::vector<backup_entry> entries;
};

/// A line of JSON per entry; the last one has the hash of those before it.
std::string manifest_text(const manifest& m);

std::filesystem::path manifest_path(const std::filesystem::path& dest);

/// A problem says whether there is none, or why it cannot be believed: a
/// changed byte, an unknown form, a path that leads out of the storage folder.
outcome<manifest> read_manifest(const std::filesystem::path& dest);

} // namespace vigie
