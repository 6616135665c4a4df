#pragma once

#include "analysis/analyzer.hpp"
#include "domain/batch.hpp"
#include "domain/job.hpp"

#include <optional>
#include <string>

namespace vigie {

/// What the file says of itself: EXIF, pixels, pages, encoding. A damaged file
/// has less to say; only one that cannot be opened fails (`file-unreadable`).
file_metadata read_metadata(const analysis_job& job,
                            const analyzer_options& options);

/// `zone: Entrepôt` in an EXIF description, else `zone-a` in the file's name,
/// folded. What a detector's table may allow something in.
std::optional<std::string> zone_of(const std::string& filename,
                                   const std::optional<std::string>& about);

/// SHA-256 in hex.
std::string sha256_of_file(const std::filesystem::path& file);

} // namespace vigie
