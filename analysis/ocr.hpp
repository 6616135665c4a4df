#pragma once

#include <opencv2/core.hpp>

#include <memory>
#include <optional>
#include <string>

namespace tesseract {
class TessBaseAPI;
}

namespace vigie {

struct ocr_page {
  std::string text;                 ///< UTF-8, lines ended by `\n`.
  std::optional<double> confidence; ///< 0..1, mean over the words kept.
  int words = 0;
};

/// Tesseract's LSTM engine, loaded at first use and kept warm. One thread.
/// Words that it doubts (below 30 of 100) are left out: photographs are full
/// of them. analysis_failure `ocr-unavailable` when a language is missing.
class ocr_engine {
public:
  explicit ocr_engine(std::string languages);
  ~ocr_engine();
  ocr_page read(const cv::Mat& image);

private:
  std::string languages_;
  std::unique_ptr<tesseract::TessBaseAPI> api_;
};

} // namespace vigie
