#pragma once

#include "domain/batch.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// One piece of heavy work for a worker slot: one stage of one file.
struct analysis_job {
  uint64_t id = 0;    ///< Unique within one life of the hub; 0: no job.
  uint64_t token = 0; ///< Lease: an answer with an older token is dropped.
  batch_id batch;
  file_id file;
  stage what = stage::metadata; ///< metadata | vision | text | gemini
  /// `{batch}/{name}` below the storage root; where the work is done the node
  /// makes it absolute.
  std::string path;
  std::string filename;
  std::string content_type;
  std::string sha256;
  uint64_t bytes = 0; ///< Size of the file.
};

/// What a stage found in one file. Fields of other stages stay empty.
struct analysis_result {
  bool ok = true;         ///< false: `error_code` says why, the batch goes on.
  std::string error_code; ///< Stable: `image-undecodable`, `pdf-damaged`, …
  std::string error_message; ///< French sentence without paths.
  std::optional<file_metadata> metadata;
  std::vector<observation> observations;
  std::optional<ocr_text> text;
  std::vector<warning> warnings;
  std::string thumbnail_jpeg; ///< Bytes; 320 px, for Gemini 2,048 px.
  std::optional<uint64_t> perceptual_hash; ///< 64-bit dHash/pHash of an image.
  /// Lease that it was made under; said by WORKER_HUB, never by a node.
  uint64_t token = 0;
};

/// `error_code` of a file that is given up: too many workers broke at it. Said
/// by WORKER_HUB alone, in words of a closed list.
inline constexpr auto broken_code = "worker-broken";

/// Bounds of a result that came from a slot or over the network, and sane
/// enumerators. 14 MiB in all at the most.
bool acceptable(const analysis_result& r);

} // namespace vigie
