#pragma once

#include "domain/ports.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace vigie {

struct analyzer_options {
  std::string ocr_languages = "fra+eng"; ///< Tesseract's names.
  std::filesystem::path rules_file;      ///< Empty: no observations from text.
  std::filesystem::path vision_model;    ///< ONNX; empty: no detector.
  std::filesystem::path vision_classes_file;
  std::filesystem::path temp_dir; ///< Empty: the system's.
  std::chrono::seconds tool_timeout{60};
  /// No page is begun after it: what was read by then is the outcome.
  std::chrono::seconds document_timeout{200};
  int max_pdf_pages = 200;
  int max_ocr_pages = 60; ///< Of one PDF; seconds each.
  uint64_t max_pixels = 100'000'000;
  std::size_t max_text_bytes = 2u << 20;
};

/// What a worker slot can do with one file. Not thread-safe: one job at a
/// time. run() never throws: a failure is the file's outcome.
outcome<std::unique_ptr<file_analyzer>> make_analyzer(analyzer_options options);

} // namespace vigie
