#pragma once

#include "domain/access.hpp"
#include "storage/sqlite_store.hpp"

#include <memory>

namespace vigie {

/// The access_book of the database that open_store has made. Every question
/// reads: what `vigied token` changes holds from the next request on. Sessions
/// are written by a connection of their own, for as long as one takes.
std::unique_ptr<access_book> open_access(const store_options& options);

} // namespace vigie
