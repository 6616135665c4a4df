#pragma once

#include "domain/job.hpp"

#include <opencv2/core.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Files of every accepted kind, made here: tests need nothing from outside.
namespace vigie::samples {

/// A picture with shapes and grain; another seed, another picture.
cv::Mat photo(int width = 640, int height = 480, uint64_t seed = 1);
/// Black letters on white.
cv::Mat written(const std::vector<std::string>& lines);
cv::Mat blank();
/// `ending` as OpenCV knows it: `.png`, `.jpg`, …
std::string encoded(const cv::Mat& image, const std::string& ending);
/// Two colours, `width` x `height`.
std::string gif(int width, int height);
std::string png_header(uint32_t width, uint32_t height);

struct exif_wish {
  std::string taken = "2024:05:06 07:08:09";
  std::string make = "Canon";
  std::string model = "EOS 90D";
  std::string about;
  int orientation = 1;
  double latitude = 0, longitude = 0; ///< Both 0: no GPS.
};
/// `Exif\0\0` and a TIFF block, little endian.
std::string exif_block(const exif_wish& wish);
std::string jpeg_with(const std::string& exif, std::string jpeg);
std::string png_with(const std::string& exif, std::string png);

/// A page per text; an empty text makes a page without a text layer.
std::string pdf(const std::vector<std::string>& pages);
/// A page that is only a picture.
std::string pdf_of_picture(const cv::Mat& image);
/// Objects 1, 2, …; the first is the catalogue. `more` goes into the trailer.
std::string pdf_of(const std::vector<std::string>& objects,
                   const std::string& more = {});
/// Asks for a password that nobody knows.
std::string locked_pdf();

/// Word 6, in an OLE file; Windows-1252.
std::string doc(const std::string& text);

using entries = std::vector<std::pair<std::string, std::string>>;
std::string zip(const entries& files);
std::string docx(const std::string& body_xml);
std::string paragraph(const std::string& text);

/// UTF-16 of `utf8` (Basic Multilingual Plane), without a BOM.
std::string utf16(std::string_view utf8, bool little);

/// ONNX: one Reshape of the 1x3x2x2 input to the 1x2x6 of `yolov5`.
std::string reshape_model();

/// A folder of its own for each test.
class folder : public ::testing::Test {
protected:
  folder();
  ~folder() override;
  std::filesystem::path put(const std::string& name,
                            std::string_view bytes) const;
  analysis_job job(stage what, const std::string& name, const std::string& type,
                   std::string_view bytes) const;

  std::filesystem::path root;
};

inline constexpr const char* docx_type =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

} // namespace vigie::samples
