#include "analysis/metadata.hpp"

#include "analysis/documents.hpp"
#include "analysis/encoding.hpp"
#include "analysis/exif.hpp"
#include "analysis/failure.hpp"
#include "analysis/limits.hpp"
#include "analysis/rules.hpp"
#include "domain/fold.hpp"

#include <utility>

namespace vigie {

namespace {

constexpr std::size_t head_bytes = 1u << 20;

void read_image_facts(const analysis_job& job, file_metadata& m) {
  auto exif = read_exif(job.path, job.content_type);
  m.captured_at = exif.captured_at;
  m.gps = exif.gps;
  m.camera = exif.camera;
  if (exif.description)
    m.extra["description"] = *exif.description;
  auto size = size_in_file(job.path);
  if (exif.orientation >= 5) // the picture is shown lying on its side
    std::swap(size.width, size.height);
  if (exif.orientation != 1)
    m.extra["orientation"] = std::to_string(exif.orientation);
  if (size.width > 0 && size.height > 0) {
    m.extra["width"] = std::to_string(size.width);
    m.extra["height"] = std::to_string(size.height);
  }
}

std::string word_after(std::string_view text, std::size_t at) {
  constexpr std::string_view gaps = " _-:=";
  auto from = text.find_first_not_of(gaps, at);
  if (from == text.npos || from == at)
    return {};
  auto to = text.find_first_of(" _-:=.,;()\n", from);
  return std::string{text.substr(from, to - from)};
}

} // namespace

std::optional<std::string> zone_of(const std::string& filename,
                                   const std::optional<std::string>& about) {
  for (auto& text : {fold(about.value_or("")), fold(filename)})
    for (auto at = text.find("zone"); at != text.npos;
         at = text.find("zone", at + 4))
      if (auto word = word_after(text, at + 4); !word.empty())
        return word;
  return std::nullopt;
}

file_metadata read_metadata(const analysis_job& job,
                            const analyzer_options& options) {
  file_metadata m;
  std::optional<std::string> about;
  if (job.content_type.starts_with("image/")) {
    read_image_facts(job, m);
    if (auto found = m.extra.find("description"); found != m.extra.end())
      about = found->second;
  } else if (job.content_type == "application/pdf") {
    try {
      m.extra["pages"] = std::to_string(pdf_pages(job.path, options));
    } catch (const analysis_failure&) {
      // TEXT says what is wrong with it.
    }
  } else if (job.content_type.starts_with("text/")) {
    auto head = read_bytes(job.path, head_bytes);
    std::string_view shown = head;
    if (head.size() == head_bytes)
      shown = whole_characters(head);
    if (auto text = decode_text(shown))
      m.extra["encoding"] = text->encoding;
  }
  if (auto zone = zone_of(job.filename, about))
    m.extra["zone"] = *zone;
  return m;
}

} // namespace vigie
