#pragma once

#include "domain/log.hpp"
#include "domain/store.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace vigie {

struct store_options {
  std::filesystem::path database; ///< The SQLite file; made when absent.
  std::filesystem::path root;     ///< STORAGE_PATH: evidence and reports.
  std::string gate_owner{}; ///< Whose quota the gates are: a key's fingerprint.
  log_line log{};           ///< Why SQLite refused a whole group.
};

/// Opens (and migrates) the database. One writer: call it from one thread.
outcome<std::unique_ptr<batch_store>> open_store(const store_options& options);

} // namespace vigie
