#pragma once

#include "domain/ports.hpp"
#include "storage/database.hpp"

namespace vigie {

/// One page of batches, newest first; the cursor is opaque to clients.
outcome<batch_page> read_page(database& db, const list_query& query);

/// The statement behind a page, one per kind of question: an index gives the
/// order, and nothing is scanned unless it is searched. ?1-?3 stand for
/// position and limit, ?4 for the status, ?5 for the words, ?6 for the
/// owner.
const char* page_sql(const list_query& query);

/// Log entries after `seq`; incomplete when the log does not reach back.
outcome<log_slice> read_log(database& db, int64_t seq, std::size_t limit);

} // namespace vigie
