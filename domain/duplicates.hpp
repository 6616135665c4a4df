#pragma once

#include "domain/batch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

struct image_print {
  std::string filename;
  std::string sha256;
  std::optional<uint64_t> perceptual_hash;
};

/// Images of one batch that show the same: equal bytes (`duplicate-exact`) or
/// perceptual hashes at most 6 of 64 bits apart (`duplicate-near`). Each later
/// file points at the earliest match.
std::vector<observation> find_duplicates(const std::vector<image_print>& prints,
                                         utc_time now);

} // namespace vigie
