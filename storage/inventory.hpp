#pragma once

#include "storage/database.hpp"

#include <string>
#include <vector>

namespace vigie {

/// A file that rows name.
struct named_file {
  std::string kind;   ///< evidence, thumbnail or report
  std::string path;   ///< Below the storage folder.
  std::string sha256; ///< As recorded; empty: nobody recorded it.
};

struct inventory {
  std::size_t batches = 0;
  int64_t seq = 0; ///< The newest event: what changes later has a higher one.
  std::vector<named_file> files; ///< Each path once. Thumbnails may be absent.
};

/// Every file that the rows of `db` name. Throws SQLite::Exception, as below.
inventory read_inventory(database& db);

/// The same of batches that have changed since event `seq`, and only those.
inventory read_changed(database& db, int64_t seq);

} // namespace vigie
