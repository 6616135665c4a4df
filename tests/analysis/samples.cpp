#include "tests/analysis/samples.hpp"

#include "analysis/metadata.hpp"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <zip.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace vigie::samples {

cv::Mat photo(int width, int height, uint64_t seed) {
  cv::RNG draw{seed};
  cv::Mat coarse(6, 8, CV_8UC3), grain(height, width, CV_8UC3), out;
  draw.fill(coarse, cv::RNG::UNIFORM, 60, 200);
  draw.fill(grain, cv::RNG::UNIFORM, 0, 40);
  cv::resize(coarse, out, {width, height}, 0, 0, cv::INTER_CUBIC);
  return out + grain;
}

cv::Mat written(const std::vector<std::string>& lines) {
  cv::Mat out(120 + 110 * static_cast<int>(lines.size()), 1'400, CV_8UC3,
              cv::Scalar::all(255));
  int y = 110;
  for (auto& line : lines) {
    cv::putText(out, line, {60, y}, cv::FONT_HERSHEY_SIMPLEX, 2,
                cv::Scalar::all(0), 4, cv::LINE_AA);
    y += 110;
  }
  return out;
}

cv::Mat blank() { return {480, 640, CV_8UC3, cv::Scalar::all(255)}; }

std::string encoded(const cv::Mat& image, const std::string& ending) {
  std::vector<uchar> bytes;
  cv::imencode(ending, image, bytes);
  return {bytes.begin(), bytes.end()};
}

std::string zip(const entries& files) {
  zip_error_t error;
  ::zip_error_init(&error);
  auto* source = ::zip_source_buffer_create(nullptr, 0, 0, &error);
  ::zip_source_keep(source);
  auto* archive = ::zip_open_from_source(source, ZIP_TRUNCATE, &error);
  for (auto& [name, bytes] : files)
    ::zip_file_add(archive, name.c_str(),
                   ::zip_source_buffer(archive, bytes.data(), bytes.size(), 0),
                   ZIP_FL_OVERWRITE);
  ::zip_close(archive);
  ::zip_source_open(source);
  ::zip_source_seek(source, 0, SEEK_END);
  std::string out(static_cast<std::size_t>(::zip_source_tell(source)), '\0');
  ::zip_source_seek(source, 0, SEEK_SET);
  ::zip_source_read(source, out.data(), out.size());
  ::zip_source_close(source);
  ::zip_source_free(source);
  return out;
}

std::string paragraph(const std::string& text) {
  return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>";
}

std::string docx(const std::string& body_xml) {
  const std::string head = R"(<?xml version="1.0" encoding="UTF-8"?>)";
  const std::string at = "http://schemas.openxmlformats.org/";
  return zip(
      {{"[Content_Types].xml",
        head + "<Types xmlns=\"" + at + "package/2006/content-types\"/>"},
       {"_rels/.rels", head + "<Relationships/>"},
       {"word/document.xml", head + "<w:document xmlns:w=\"" + at
                                 + "wordprocessingml/2006/main\"><w:body>"
                                 + body_xml + "</w:body></w:document>"}});
}

std::string utf16(std::string_view utf8, bool little) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    auto c = static_cast<unsigned char>(utf8[i]);
    unsigned unit = c;
    if (c >= 0xE0) {
      unit = (c & 0x0Fu) << 12 | (utf8[i + 1] & 0x3Fu) << 6
             | (utf8[i + 2] & 0x3Fu);
      i += 2;
    } else if (c >= 0xC0) {
      unit = (c & 0x1Fu) << 6 | (utf8[i + 1] & 0x3Fu);
      i += 1;
    }
    auto low = static_cast<char>(unit & 0xFF);
    auto high = static_cast<char>(unit >> 8);
    out += little ? low : high;
    out += little ? high : low;
  }
  return out;
}

folder::folder() {
  auto pattern =
      (std::filesystem::temp_directory_path() / "vigie-XXXXXX").string();
  root = ::mkdtemp(pattern.data());
}

folder::~folder() { std::filesystem::remove_all(root); }

std::filesystem::path folder::put(const std::string& name,
                                  std::string_view bytes) const {
  std::ofstream out(root / name, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return root / name;
}

analysis_job folder::job(stage what, const std::string& name,
                         const std::string& type,
                         std::string_view bytes) const {
  analysis_job j;
  j.what = what;
  j.path = put(name, bytes).string();
  j.filename = name;
  j.content_type = type;
  j.sha256 = sha256_of_file(j.path);
  return j;
}

} // namespace vigie::samples
