#pragma once

#include "analysis/analyzer.hpp"

#include <opencv2/core.hpp>

#include <filesystem>
#include <string>

namespace vigie {

/// The first `most` bytes of a file; analysis_failure `file-unreadable`.
std::string read_bytes(const std::filesystem::path& path, std::size_t most);

/// A picture as BGR, upright (EXIF orientation applied). Its pixels are
/// counted in the header first, so a decompression bomb is never unpacked:
/// `image-too-large`, `image-undecodable`.
cv::Mat read_image(const std::filesystem::path& path, uint64_t max_pixels);

struct image_size {
  uint32_t width = 0, height = 0;
};

/// Pixels of JPEG, PNG, GIF, BMP, WebP and TIFF from the first bytes.
/// Zero when they cannot be told.
image_size size_in_header(std::string_view head);

/// The same of a file; a TIFF may keep its directory behind its pixels.
image_size size_in_file(const std::filesystem::path& path);

/// A folder of our own, removed with all it holds.
class scratch_dir {
public:
  explicit scratch_dir(const std::filesystem::path& parent);
  ~scratch_dir();
  scratch_dir(const scratch_dir&) = delete;
  scratch_dir& operator=(const scratch_dir&) = delete;
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace vigie
