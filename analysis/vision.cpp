#include "analysis/vision.hpp"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace vigie {

namespace {

constexpr double darkest = 55;  // mean of 0..255
constexpr double sharpest = 35; // variance of the Laplacian
constexpr int64_t least_pixels = 640 * 480;
constexpr int thumbnail_side = 320;
constexpr int jpeg_quality = 82;

std::string shown(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", x);
  return text;
}

observation seen(const std::string& filename, severity how_bad,
                 std::string class_name, std::string key, std::string value) {
  observation o;
  o.filename = filename;
  o.label = "general";
  o.severity = how_bad;
  o.class_name = std::move(class_name);
  o.extra = {{std::move(key), std::move(value)}};
  return o;
}

cv::Mat gray_of(const cv::Mat& image) {
  cv::Mat gray;
  cv::cvtColor(image, gray, cv::COLOR_BGR2GRAY);
  return gray;
}

} // namespace

std::vector<observation> check_image(const cv::Mat& image,
                                     const std::string& filename) {
  std::vector<observation> out;
  auto gray = gray_of(image);
  auto brightness = cv::mean(gray)[0];
  if (brightness < darkest)
    out.push_back(seen(filename, severity::low, "dark", "mean_brightness",
                       shown(brightness)));
  cv::Mat edges;
  cv::Laplacian(gray, edges, CV_32F);
  cv::Scalar mean, deviation;
  cv::meanStdDev(edges, mean, deviation);
  auto variance = deviation[0] * deviation[0];
  if (variance < sharpest)
    out.push_back(seen(filename, severity::low, "blur", "laplacian_variance",
                       shown(variance)));
  if (int64_t{image.cols} * image.rows < least_pixels)
    out.push_back(
        seen(filename, severity::negligible, "low-resolution", "pixels",
             std::to_string(image.cols) + "x" + std::to_string(image.rows)));
  return out;
}

std::optional<uint64_t> perceptual_hash(const cv::Mat& image) {
  cv::Mat small, levels, waves;
  cv::resize(gray_of(image), small, {32, 32}, 0, 0, cv::INTER_AREA);
  cv::Scalar mean, deviation;
  cv::meanStdDev(small, mean, deviation);
  if (deviation[0] < 1)
    return std::nullopt;
  small.convertTo(levels, CV_32F);
  cv::dct(levels, waves);
  std::array<float, 64> low{};
  for (int i = 0; i < 64; ++i)
    low[static_cast<std::size_t>(i)] = waves.at<float>(i / 8, i % 8);
  auto sorted = low; // the first is the mean brightness: left out
  std::nth_element(sorted.begin() + 1, sorted.begin() + 32, sorted.end());
  uint64_t hash = 0;
  for (std::size_t i = 1; i < low.size(); ++i)
    hash |= uint64_t{low[i] > sorted[32]} << i;
  return hash;
}

std::string thumbnail_of(const cv::Mat& image) {
  return scaled_jpeg(image, thumbnail_side);
}

std::string scaled_jpeg(const cv::Mat& image, int most_side) {
  auto side = std::max(image.cols, image.rows);
  auto small = image;
  if (side > most_side) {
    auto factor = static_cast<double>(most_side) / side;
    cv::Size size{std::max(1, static_cast<int>(image.cols * factor)),
                  std::max(1, static_cast<int>(image.rows * factor))};
    cv::resize(image, small, size, 0, 0, cv::INTER_AREA);
  }
  std::vector<uchar> bytes;
  cv::imencode(".jpg", small, bytes, {cv::IMWRITE_JPEG_QUALITY, jpeg_quality});
  return {bytes.begin(), bytes.end()};
}

} // namespace vigie
