#include "analysis/gif.hpp"

#include "analysis/limits.hpp"

#include <leptonica/allheaders.h>

#include <memory>

namespace vigie {

namespace {

constexpr std::size_t most_gif_bytes = 256u << 20;

struct pix_deleter {
  void operator()(PIX* x) const { ::pixDestroy(&x); }
};
using pix_ptr = std::unique_ptr<PIX, pix_deleter>;

/// Skips blocks of at most 255 bytes up to the empty one (GIF89a, 15).
std::size_t behind_blocks(std::string_view s, std::size_t at) {
  while (at < s.size() && s[at] != 0)
    at += 1u + static_cast<unsigned char>(s[at]);
  return at + 1;
}

std::size_t word(std::string_view s, std::size_t at) {
  return static_cast<unsigned char>(s[at])
         | static_cast<std::size_t>(static_cast<unsigned char>(s[at + 1])) << 8;
}

std::size_t colors(unsigned char flags) {
  return (flags & 0x80) != 0 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

pix_ptr read_pix(const std::filesystem::path& path, uint64_t max_pixels) {
  ::setMsgSeverity(L_SEVERITY_NONE); // a bad file is told by its outcome
  auto bytes = read_bytes(path, most_gif_bytes);
  if (!bytes.starts_with("GIF8"))
    return pix_ptr{::pixRead(path.c_str())};
  auto frame = first_frame(bytes, max_pixels);
  return pix_ptr{::pixReadMem(reinterpret_cast<const l_uint8*>(frame.data()),
                              frame.size())};
}

} // namespace

std::string first_frame(std::string_view s, uint64_t max_pixels) {
  if (s.size() < 13)
    return {};
  auto at = 13 + colors(static_cast<unsigned char>(s[10]));
  while (at + 2 < s.size() && s[at] == '!') // extensions
    at = behind_blocks(s, at + 2);
  if (at + 10 >= s.size() || s[at] != ',')
    return {};
  if (uint64_t{word(s, at + 5)} * word(s, at + 7) > max_pixels)
    return {};
  at += 10 + colors(static_cast<unsigned char>(s[at + 9])) + 1;
  return std::string{s.substr(0, behind_blocks(s, at))} + ';';
}

cv::Mat read_by_leptonica(const std::filesystem::path& path,
                          uint64_t max_pixels) {
  auto read = read_pix(path, max_pixels);
  pix_ptr owned{read ? ::pixConvertTo32(read.get()) : nullptr};
  auto* pix = owned.get();
  if (pix == nullptr)
    return {};
  cv::Mat out(::pixGetHeight(pix), ::pixGetWidth(pix), CV_8UC3);
  for (int y = 0; y < out.rows; ++y)
    for (int x = 0; x < out.cols; ++x) {
      int r = 0, g = 0, b = 0;
      ::pixGetRGBPixel(pix, x, y, &r, &g, &b);
      out.at<cv::Vec3b>(y, x) = {static_cast<uchar>(b), static_cast<uchar>(g),
                                 static_cast<uchar>(r)};
    }
  return out;
}

} // namespace vigie
