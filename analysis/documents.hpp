#pragma once

#include "analysis/analyzer.hpp"
#include "analysis/ocr.hpp"
#include "domain/batch.hpp"

#include <filesystem>
#include <string>

namespace vigie {

/// How a document is read; each throws analysis_failure.
struct document_text {
  std::string engine;
  std::string content; ///< UTF-8.
  std::optional<double> confidence;
  std::vector<std::string> warnings;
};

/// Pages from pdfinfo: `pdf-damaged`, `pdf-encrypted`, `pdf-too-slow`.
int pdf_pages(const std::filesystem::path& file, const analyzer_options& o);

/// One page as a picture, longest side `side` pixels.
cv::Mat pdf_page(const std::filesystem::path& file, int page, int side,
                 const analyzer_options& o);

/// The text layer; pages without one are rendered and read by OCR.
document_text read_pdf(const std::filesystem::path& file, ocr_engine& ocr,
                       const analyzer_options& o);

/// Paragraphs of word/document.xml: `docx-damaged`, `docx-too-large` when it
/// unpacks to more than 64 MiB.
document_text read_docx(const std::filesystem::path& file);

/// By antiword, else catdoc: `doc-damaged`.
document_text read_doc(const std::filesystem::path& file,
                       const analyzer_options& o);

/// A note, log or CSV: `text-undecodable`.
document_text read_plain(const std::filesystem::path& file,
                         const analyzer_options& o);

} // namespace vigie
