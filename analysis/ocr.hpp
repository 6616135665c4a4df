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
/// Read as a page first, words below 30 of 100 left out; when that gives no
/// word, as a photo with scattered letters (a sign, a note), where only words
/// from 70 of 100 and three letters on count. analysis_failure
/// `ocr-unavailable` when a language is missing. After any exception (no more
/// memory, say) it starts afresh.
class ocr_engine {
public:
  explicit ocr_engine(std::string languages);
  ~ocr_engine();
  ocr_page read(const cv::Mat& image);

  /// Which words are believed: textures of a photo look like words.
  struct trust {
    float confidence = 0; ///< Least, of 100.
    std::size_t letters = 0;
  };

private:
  void open();
  ocr_page attempt(const cv::Mat& gray, int layout, trust least);
  std::string languages_;
  std::unique_ptr<tesseract::TessBaseAPI> api_;
};

} // namespace vigie
