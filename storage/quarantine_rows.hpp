#pragma once

#include "domain/admin.hpp"
#include "storage/database.hpp"

#include <cstddef>
#include <vector>

namespace vigie {

/// Files in quarantine, newest first. Throws SQLite::Exception.
std::vector<quarantined_file> read_quarantine(database& db, std::size_t limit);

} // namespace vigie
