#pragma once

#include "domain/retention.hpp"
#include "storage/database.hpp"

#include <vector>

namespace vigie {

/// Batches that have ended, the one whose last change is oldest first.
outcome<std::vector<ended_batch>> read_ended(database& db, std::size_t limit);

} // namespace vigie
