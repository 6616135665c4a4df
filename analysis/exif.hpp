#pragma once

#include "domain/batch.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace vigie {

struct exif_facts {
  std::optional<std::string> captured_at; ///< `2024-01-02T12:34:56`
  std::optional<gps_point> gps;
  std::optional<std::string> camera; ///< Make and model.
  std::optional<std::string> description;
  int orientation = 1; ///< 1..8 as in Exif 2.32, 4.6.4 A.
};

/// EXIF of a JPEG, TIFF, PNG (eXIf) or WebP (EXIF chunk); empty facts when
/// there is none or it is damaged: never a failure of the file.
exif_facts read_exif(const std::filesystem::path& file,
                     const std::string& content_type);

} // namespace vigie
