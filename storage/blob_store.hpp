#pragma once

#include "domain/ports.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace vigie {

/// Evidence below `root`. Thread-safe; each staged_upload has one owner.
std::unique_ptr<blob_store> make_blob_store(const std::filesystem::path& root);

/// At start, before anything is admitted: removes what a killed server left.
/// Staging goes; a folder that still holds the mark of an uncommitted batch
/// goes unless its row exists. Folders without the mark are never touched.
void sweep_orphans(const std::filesystem::path& root,
                   const std::function<bool(const batch_id&)>& is_known);

/// Everything on disk of a batch whose rows are gone. Its marked folder goes
/// last and in one step, so that a sweep after a crash finds the rest.
void remove_batch_files(const std::filesystem::path& root, const batch_id& id);

} // namespace vigie
