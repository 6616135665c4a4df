#pragma once

#include "domain/ports.hpp"
#include "storage/sqlite_store.hpp"

#include <memory>

namespace vigie {

/// All reads. Thread-safe: connections are borrowed from a small pool.
class reader : public batch_reader,
               public file_reader,
               public archive,
               public quarantine_reader,
               public evidence_check {};

/// Opens the database that open_store has made.
outcome<std::unique_ptr<reader>> open_reader(const store_options& options);

} // namespace vigie
