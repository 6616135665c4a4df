#pragma once

#include <opencv2/core.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace vigie {

/// A GIF that ends after its first frame: decoders unpack all frames at once,
/// thousands of them are a bomb, and only the first is looked at. Empty when
/// there is none, or it has more than `max_pixels` whatever the screen says.
std::string first_frame(std::string_view gif, uint64_t max_pixels);

/// Formats that this OpenCV has no decoder for (GIF), and files that it does
/// not like. Empty when leptonica does not like them either.
cv::Mat read_by_leptonica(const std::filesystem::path& path,
                          uint64_t max_pixels);

} // namespace vigie
