#include "analysis/limits.hpp"

#include "analysis/failure.hpp"
#include "analysis/gif.hpp"

#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace vigie {

namespace fs = std::filesystem;

cv::Mat read_image(const fs::path& path, uint64_t max_pixels) {
  auto size = size_in_file(path);
  if (uint64_t{size.width} * size.height > max_pixels)
    throw analysis_failure{"image-too-large"};
  cv::Mat image;
  if (size.width > 0 && size.height > 0) {
    image = cv::imread(path.string(), cv::IMREAD_COLOR);
    if (image.empty())
      image = read_by_leptonica(path, max_pixels);
  }
  if (image.empty())
    throw analysis_failure{"image-undecodable"};
  return image;
}

scratch_dir::scratch_dir(const fs::path& parent) {
  auto base = parent.empty() ? fs::temp_directory_path() : parent;
  auto pattern = (base / "vigie-job-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw analysis_failure{"temp-unavailable"};
  path_ = pattern;
}

scratch_dir::~scratch_dir() {
  std::error_code ignored; // the next start of the slot empties its folder
  fs::remove_all(path_, ignored);
}

} // namespace vigie
