#pragma once

#include "domain/admin.hpp"
#include "storage/pool.hpp"

#include <chrono>
#include <filesystem>
#include <string>

namespace vigie {

/// Reads what is stored, files first, then reports, from a place that an
/// earlier page named (empty: from the start), and holds it against its
/// hashes. A page ends after `about`, and holds at least one item. Purged files
/// have no bytes to look at. What changes while it is read is read again.
outcome<verify_page> verify_stored(pool& rows,
                                   const std::filesystem::path& root,
                                   const std::string& from,
                                   std::chrono::milliseconds about);

} // namespace vigie
