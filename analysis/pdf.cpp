#include "analysis/documents.hpp"

#include "analysis/encoding.hpp"
#include "analysis/failure.hpp"
#include "analysis/limits.hpp"
#include "analysis/tool.hpp"

#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr int ocr_side = 2'400; // pixels: an A4 page at about 200 dpi
constexpr std::ptrdiff_t least_letters = 16; // fewer: the page is a picture
constexpr std::size_t most_info = 64 * 1024;

analysis_failure too_slow() { return analysis_failure{"pdf-too-slow"}; }

bool asks_a_password(const fs::path& file) {
  return read_bytes(file, 64u << 20).find("/Encrypt") != std::string::npos;
}

std::vector<std::string> pages_of(std::string_view text, int most) {
  std::vector<std::string> pages;
  while (!text.empty() && pages.size() < static_cast<std::size_t>(most)) {
    auto end = std::min(text.find('\f'), text.size());
    pages.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pages;
}

bool has_text(const std::string& page) {
  return std::count_if(
             page.begin(), page.end(),
             [](char c) { return static_cast<unsigned char>(c) > ' '; })
         >= least_letters;
}

/// Pages one after the other; what is left out is said in a warning.
class page_reader {
public:
  page_reader(const fs::path& file, ocr_engine& ocr, const analyzer_options& o)
      : file_(file), ocr_(ocr), options_(o) {
    // nop
  }

  void add(int number, std::string page) {
    if (has_text(page))
      layer_ = true;
    else if (pictures_ == options_.max_ocr_pages || clock::now() > deadline_)
      skipped = true;
    else
      read_picture(number, page);
    out_.content += page + '\n';
  }

  bool full() const { return out_.content.size() > options_.max_text_bytes; }

  document_text result() {
    if (words_ > 0) {
      out_.engine = layer_ ? "pdftotext+tesseract" : "tesseract";
      out_.confidence = confidence_ / words_;
    }
    if (words_ == 0 && !layer_)
      out_.warnings.push_back("ocr-no-text");
    if (skipped)
      out_.warnings.push_back("pdf-pages-skipped");
    return std::move(out_);
  }

  bool skipped = false;

private:
  void read_picture(int number, std::string& page) {
    ++pictures_;
    auto read = ocr_.read(pdf_page(file_, number, ocr_side, options_));
    if (read.words == 0)
      return;
    page = std::move(read.text);
    confidence_ += *read.confidence * read.words;
    words_ += read.words;
  }

  using clock = std::chrono::steady_clock;
  const fs::path& file_;
  ocr_engine& ocr_;
  const analyzer_options& options_;
  clock::time_point deadline_ = clock::now() + options_.document_timeout;
  document_text out_{"pdftotext", {}, {}, {}};
  double confidence_ = 0;
  int words_ = 0, pictures_ = 0;
  bool layer_ = false;
};

} // namespace

int pdf_pages(const fs::path& file, const analyzer_options& o) {
  auto info = run_tool({"pdfinfo", file.string()}, o.tool_timeout, most_info);
  if (info.late)
    throw too_slow();
  auto at = info.out.find("\nPages:");
  auto pages = 0;
  if (info.status == 0 && at != info.out.npos) {
    auto from = info.out.find_first_of("0123456789", at);
    if (from != info.out.npos)
      std::from_chars(info.out.data() + from, info.out.data() + info.out.size(),
                      pages);
  }
  if (pages < 1) {
    if (asks_a_password(file))
      throw analysis_failure{"pdf-encrypted"};
    throw analysis_failure{"pdf-damaged"};
  }
  return pages;
}

cv::Mat pdf_page(const fs::path& file, int page, int side,
                 const analyzer_options& o) {
  scratch_dir scratch{o.temp_dir};
  auto number = std::to_string(page);
  auto target = (scratch.path() / "page").string();
  auto done =
      run_tool({"pdftoppm", "-png", "-singlefile", "-f", number, "-l", number,
                "-scale-to", std::to_string(side), file.string(), target},
               o.tool_timeout, most_info);
  if (done.late)
    throw too_slow();
  auto image = cv::imread(target + ".png", cv::IMREAD_COLOR);
  if (image.empty())
    throw analysis_failure{"pdf-damaged"};
  return image;
}

document_text read_pdf(const fs::path& file, ocr_engine& ocr,
                       const analyzer_options& o) {
  auto count = pdf_pages(file, o);
  auto most = std::min(count, o.max_pdf_pages);
  auto layer = run_tool({"pdftotext", "-enc", "UTF-8", "-l",
                         std::to_string(most), file.string(), "-"},
                        o.tool_timeout, o.max_text_bytes * 2);
  if (layer.late)
    throw too_slow();
  auto pages = pages_of(clean_utf8(layer.out), most);
  pages.resize(static_cast<std::size_t>(most));
  page_reader reader{file, ocr, o};
  for (int i = 0; i < most && !reader.full(); ++i)
    reader.add(i + 1, std::move(pages[static_cast<std::size_t>(i)]));
  reader.skipped |= most < count;
  return reader.result();
}

} // namespace vigie
