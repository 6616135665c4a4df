#include "analysis/image_size.hpp"

#include "analysis/failure.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string_view>

namespace vigie {

namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr std::size_t head_bytes = 1u << 20; // EXIF may stand before a frame
constexpr std::size_t directory_bytes = 64 * 1024;

uint32_t be(std::string_view s, std::size_t at, int n) {
  uint32_t x = 0;
  for (int i = 0; i < n; ++i)
    x = x << 8
        | (at + static_cast<std::size_t>(i) < s.size()
               ? static_cast<unsigned char>(s[at + static_cast<std::size_t>(i)])
               : 0);
  return x;
}

uint32_t le(std::string_view s, std::size_t at, int n) {
  uint32_t x = 0;
  for (int i = n - 1; i >= 0; --i)
    x = x << 8 | be(s, at + static_cast<std::size_t>(i), 1);
  return x;
}

/// Walks the segments up to a start of frame (ITU T.81, B.1.1.3).
image_size jpeg(std::string_view s) {
  for (std::size_t at = 2; at + 9 < s.size();) {
    if (be(s, at, 1) != 0xFF) {
      ++at;
      continue;
    }
    auto marker = be(s, at + 1, 1);
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8
        && marker != 0xCC)
      return {be(s, at + 7, 2), be(s, at + 5, 2)};
    if (marker == 0xFF || marker <= 1 || (marker >= 0xD0 && marker <= 0xD8))
      at += marker == 0xFF ? 1 : 2; // these have no length
    else
      at += 2 + be(s, at + 2, 2);
  }
  return {};
}

image_size webp(std::string_view s) {
  auto kind = s.substr(12, 4);
  if (kind == "VP8X")
    return {le(s, 24, 3) + 1, le(s, 27, 3) + 1};
  if (kind == "VP8L")
    return {(le(s, 21, 4) & 0x3FFF) + 1, (le(s, 21, 4) >> 14 & 0x3FFF) + 1};
  return {le(s, 26, 2) & 0x3FFF, le(s, 28, 2) & 0x3FFF};
}

bool is_tiff(std::string_view s) {
  return s.starts_with("II*\0"sv) || s.starts_with("MM\0*"sv);
}

std::size_t tiff_directory(std::string_view s) {
  return s.front() == 'I' ? le(s, 4, 4) : be(s, 4, 4);
}

/// Tags 256 and 257 of a directory (TIFF 6.0); of two, the larger: who knows
/// which one a decoder takes.
image_size tiff(std::string_view directory, bool little) {
  auto number = [&](std::size_t at, int n) {
    return little ? le(directory, at, n) : be(directory, at, n);
  };
  image_size out;
  auto entries = number(0, 2);
  for (uint32_t i = 0; i < entries; ++i) {
    auto entry = 2 + std::size_t{12} * i;
    if (entry + 12 > directory.size())
      break;
    auto value = number(entry + 8, number(entry + 2, 2) == 3 ? 2 : 4);
    if (number(entry, 2) == 256)
      out.width = std::max(out.width, value);
    if (number(entry, 2) == 257)
      out.height = std::max(out.height, value);
  }
  return out;
}

} // namespace

image_size size_in_header(std::string_view s) {
  if (s.starts_with("\x89PNG"sv))
    return {be(s, 16, 4), be(s, 20, 4)};
  if (s.starts_with("\xFF\xD8"sv))
    return jpeg(s);
  if (s.starts_with("GIF8"sv))
    return {le(s, 6, 2), le(s, 8, 2)};
  if (s.starts_with("BM"sv)) {
    auto height = le(s, 22, 4); // negative: top down
    return {le(s, 18, 4), height >> 31 ? 0u - height : height};
  }
  if (s.starts_with("RIFF"sv) && s.size() > 30 && s.substr(8, 4) == "WEBP")
    return webp(s);
  if (is_tiff(s))
    return tiff(s.substr(std::min(tiff_directory(s), s.size())),
                s.front() == 'I');
  return {};
}

image_size size_in_file(const fs::path& path) {
  auto head = read_bytes(path, head_bytes);
  if (!is_tiff(head) || tiff_directory(head) + directory_bytes <= head.size())
    return size_in_header(head);
  std::ifstream in(path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(tiff_directory(head)));
  std::string directory(directory_bytes, '\0');
  in.read(directory.data(), static_cast<std::streamsize>(directory.size()));
  directory.resize(static_cast<std::size_t>(in.gcount()));
  return tiff(directory, head.front() == 'I');
}

std::string read_bytes(const fs::path& path, std::size_t most) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw analysis_failure{"file-unreadable"};
  std::string bytes;
  char buffer[64 * 1024];
  while (in.read(buffer, sizeof buffer), in.gcount() > 0) {
    bytes.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > most) {
      bytes.resize(most);
      break;
    }
  }
  return bytes;
}

} // namespace vigie
