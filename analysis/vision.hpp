#pragma once

#include <opencv2/core.hpp>

#include "domain/batch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// Checks of one picture (BGR, upright): `dark` (mean brightness below 55 of
/// 255), `blur` (variance of the Laplacian below 35), `low-resolution` (fewer
/// than 640 x 480 pixels).
std::vector<observation> check_image(const cv::Mat& image,
                                     const std::string& filename);

/// 64-bit pHash: signs of the low frequencies of a 32 x 32 cosine transform.
/// Nothing for a flat picture: all of those would look alike.
std::optional<uint64_t> perceptual_hash(const cv::Mat& image);

/// JPEG, longest side 320 pixels at most.
std::string thumbnail_of(const cv::Mat& image);

/// The image as JPEG bytes, its longest side `most_side` pixels at most.
std::string scaled_jpeg(const cv::Mat& image, int most_side);

} // namespace vigie
