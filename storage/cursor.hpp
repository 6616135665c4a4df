#pragma once

#include "domain/ports.hpp"
#include "storage/database.hpp"

namespace vigie {

/// One page of batches, newest first; the cursor is opaque to clients.
outcome<batch_page> read_page(database& db, const list_query& query);

/// Log entries after `seq`; incomplete when the log does not reach back.
outcome<log_slice> read_log(database& db, int64_t seq, std::size_t limit);

} // namespace vigie
