#pragma once

#include "analysis/analyzer.hpp"
#include "analysis/image_size.hpp"

#include <opencv2/core.hpp>

#include <filesystem>
#include <string>

namespace vigie {

/// A picture as BGR, upright (EXIF orientation applied). Its pixels are
/// counted in the header first, so a decompression bomb is never unpacked:
/// `image-too-large`, `image-undecodable`.
cv::Mat read_image(const std::filesystem::path& path, uint64_t max_pixels);

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
