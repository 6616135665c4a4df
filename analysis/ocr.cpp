#include "analysis/ocr.hpp"

#include "analysis/failure.hpp"

#include <opencv2/imgproc.hpp>

#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace vigie {

namespace {

using trust = ocr_engine::trust;
constexpr trust of_a_page{30, 1};
constexpr trust of_a_photo{70, 3};
constexpr int longest_side = 4'000; // pixels; beyond it letters gain nothing
constexpr int assumed_dpi = 150;

cv::Mat prepared(const cv::Mat& image) {
  cv::Mat gray = image;
  if (image.channels() == 3)
    cv::cvtColor(image, gray, cv::COLOR_BGR2GRAY);
  auto side = std::max(gray.cols, gray.rows);
  if (side > longest_side) {
    auto factor = double{longest_side} / side;
    cv::resize(gray, gray, {}, factor, factor, cv::INTER_AREA);
  }
  return gray.isContinuous() ? gray : gray.clone();
}

std::size_t letters_in(const char* word) {
  std::size_t n = 0;
  for (; *word; ++word) {
    auto c = static_cast<unsigned char>(*word);
    n += std::isalnum(c) != 0 || c >= 0xC0; // the first byte of é, ç, …
  }
  return n;
}

ocr_page words_of(tesseract::ResultIterator& at, trust least) {
  ocr_page page;
  double sum = 0;
  auto line_open = false;
  do {
    if (at.Empty(tesseract::RIL_WORD))
      continue;
    std::unique_ptr<char[]> word{at.GetUTF8Text(tesseract::RIL_WORD)};
    auto confidence = at.Confidence(tesseract::RIL_WORD);
    auto keep = word && confidence >= least.confidence
                && letters_in(word.get()) >= least.letters;
    if (keep) {
      page.text += line_open ? " " : "";
      page.text += word.get();
      sum += confidence;
      ++page.words;
      line_open = true;
    }
    if (line_open
        && at.IsAtFinalElement(tesseract::RIL_TEXTLINE, tesseract::RIL_WORD)) {
      page.text += '\n';
      line_open = false;
    }
  } while (at.Next(tesseract::RIL_WORD));
  if (page.words > 0)
    page.confidence = sum / page.words / 100;
  return page;
}

} // namespace

ocr_engine::ocr_engine(std::string languages)
    : languages_(std::move(languages)) {
  // nop
}

ocr_engine::~ocr_engine() = default;

void ocr_engine::open() {
  auto fresh = std::make_unique<tesseract::TessBaseAPI>();
  if (fresh->Init(nullptr, languages_.c_str(), tesseract::OEM_LSTM_ONLY) != 0)
    throw analysis_failure{"ocr-unavailable"};
  fresh->SetVariable("debug_file", "/dev/null");
  api_ = std::move(fresh);
}

ocr_page ocr_engine::read(const cv::Mat& image) {
  if (!api_)
    open();
  auto gray = prepared(image);
  if (gray.cols < 8 || gray.rows < 8)
    return {}; // Tesseract refuses these with a message on standard error
  try {
    auto page = attempt(gray, tesseract::PSM_AUTO, of_a_page);
    if (page.words == 0)
      page = attempt(gray, tesseract::PSM_SPARSE_TEXT, of_a_photo);
    return page;
  } catch (...) {
    api_.reset(); // half a page of a hostile picture is in it
    throw;
  }
}

ocr_page ocr_engine::attempt(const cv::Mat& gray, int layout, trust least) {
  api_->SetPageSegMode(static_cast<tesseract::PageSegMode>(layout));
  api_->SetImage(gray.data, gray.cols, gray.rows, 1,
                 static_cast<int>(gray.step));
  api_->SetSourceResolution(assumed_dpi);
  ocr_page page;
  if (api_->Recognize(nullptr) == 0) {
    std::unique_ptr<tesseract::ResultIterator> words{api_->GetIterator()};
    if (words)
      page = words_of(*words, least);
  }
  api_->Clear();
  return page;
}

} // namespace vigie
