#include "analysis/exif.hpp"

#include "analysis/encoding.hpp"
#include "analysis/image_size.hpp"

#include <libexif/exif-data.h>

#include <cmath>
#include <memory>

namespace vigie {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t most_bytes = 8u << 20; // EXIF stands near the front

struct data_deleter {
  void operator()(ExifData* x) const { ::exif_data_unref(x); }
};
using exif_ptr = std::unique_ptr<ExifData, data_deleter>;

uint32_t big(std::string_view s, std::size_t at) {
  uint32_t x = 0;
  for (std::size_t i = at; i < at + 4 && i < s.size(); ++i)
    x = x << 8 | static_cast<unsigned char>(s[i]);
  return x;
}

uint32_t little(std::string_view s, std::size_t at) {
  return __builtin_bswap32(big(s, at));
}

/// PNG: length, type, data, CRC. RIFF: type, length, data, padding.
std::string_view chunk(std::string_view s, std::string_view type, bool png) {
  for (std::size_t at = png ? 8 : 12; at + 8 <= s.size();) {
    auto size = png ? big(s, at) : little(s, at + 4);
    auto body = at + 8;
    if (size > s.size() - body)
      return {};
    if (s.substr(png ? at + 4 : at, 4) == type)
      return s.substr(body, size);
    at = body + size + (png ? 4 : size % 2);
  }
  return {};
}

/// The bytes as libexif takes them: a JPEG, or `Exif\0\0` and a TIFF block.
std::string block_of(std::string bytes, const std::string& type) {
  if (type == "image/jpeg")
    return bytes;
  std::string_view tiff = bytes;
  if (type == "image/png")
    tiff = chunk(bytes, "eXIf", true);
  else if (type == "image/webp")
    tiff = chunk(bytes, "EXIF", false);
  else if (type != "image/tiff")
    return {};
  if (tiff.starts_with("Exif\0\0"sv))
    tiff.remove_prefix(6);
  if (tiff.empty() || tiff.size() > 0xFFFF'FFFu)
    return {};
  return std::string{"Exif\0\0"sv}.append(tiff);
}

std::optional<std::string> text_of(ExifData* d, ExifIfd ifd, ExifTag tag) {
  auto* entry = ::exif_content_get_entry(d->ifd[ifd], tag);
  if (entry == nullptr || entry->format != EXIF_FORMAT_ASCII
      || entry->data == nullptr)
    return std::nullopt;
  std::string s(reinterpret_cast<const char*>(entry->data), entry->size);
  s.resize(std::min(s.find('\0'), s.size()));
  while (!s.empty() && s.back() == ' ')
    s.pop_back();
  auto decoded = decode_text(s);
  if (!decoded || decoded->utf8.empty())
    return std::nullopt;
  return decoded->utf8;
}

/// `2024:01:02 12:34:56` -> `2024-01-02T12:34:56`.
std::optional<std::string> moment(std::optional<std::string> s) {
  if (!s || s->size() < 19)
    return std::nullopt;
  s->resize(19);
  constexpr std::string_view shape = "dddd:dd:dd dd:dd:dd";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    auto digit = (*s)[i] >= '0' && (*s)[i] <= '9';
    if (digit != (shape[i] == 'd') || (!digit && (*s)[i] != shape[i]))
      return std::nullopt;
  }
  auto two = [&](std::size_t at) {
    return ((*s)[at] - '0') * 10 + ((*s)[at + 1] - '0');
  };
  if (s->starts_with("0000") // a camera whose clock was never set
      || two(5) < 1 || two(5) > 12 || two(8) < 1 || two(8) > 31 || two(11) > 23
      || two(14) > 59 || two(17) > 60)
    return std::nullopt;
  (*s)[4] = (*s)[7] = '-';
  (*s)[10] = 'T';
  return s;
}

std::optional<double> degrees(ExifData* d, ExifTag value, ExifTag ref,
                              char negative) {
  auto* entry = ::exif_content_get_entry(d->ifd[EXIF_IFD_GPS], value);
  if (entry == nullptr || entry->format != EXIF_FORMAT_RATIONAL
      || entry->components < 3 || entry->size < 24)
    return std::nullopt;
  auto order = ::exif_data_get_byte_order(d);
  double sum = 0, unit = 1;
  for (int i = 0; i < 3; ++i, unit *= 60) {
    auto r = ::exif_get_rational(entry->data + 8 * i, order);
    if (r.denominator == 0 && r.numerator != 0)
      return std::nullopt;
    sum += r.denominator == 0 ? 0 : r.numerator / (r.denominator * unit);
  }
  auto side = text_of(d, EXIF_IFD_GPS, ref);
  return side && side->front() == negative ? -sum : sum;
}

std::optional<gps_point> place(ExifData* d) {
  auto tag = [](int n) { return static_cast<ExifTag>(n); };
  auto north = degrees(d, tag(EXIF_TAG_GPS_LATITUDE),
                       tag(EXIF_TAG_GPS_LATITUDE_REF), 'S');
  auto east = degrees(d, tag(EXIF_TAG_GPS_LONGITUDE),
                      tag(EXIF_TAG_GPS_LONGITUDE_REF), 'W');
  if (!north || !east || std::abs(*north) > 90 || std::abs(*east) > 180)
    return std::nullopt;
  return gps_point{*north, *east};
}

int orientation_of(ExifData* d) {
  auto* entry =
      ::exif_content_get_entry(d->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2)
    return 1;
  int n = ::exif_get_short(entry->data, ::exif_data_get_byte_order(d));
  return n >= 1 && n <= 8 ? n : 1;
}

} // namespace

exif_facts read_exif(const std::filesystem::path& file,
                     const std::string& content_type) {
  exif_facts found;
  auto block = block_of(read_bytes(file, most_bytes), content_type);
  if (block.empty())
    return found;
  exif_ptr d{::exif_data_new_from_data(
      reinterpret_cast<const unsigned char*>(block.data()),
      static_cast<unsigned>(block.size()))};
  if (!d)
    return found;
  found.captured_at =
      moment(text_of(d.get(), EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL));
  if (!found.captured_at)
    found.captured_at =
        moment(text_of(d.get(), EXIF_IFD_0, EXIF_TAG_DATE_TIME));
  found.gps = place(d.get());
  auto make = text_of(d.get(), EXIF_IFD_0, EXIF_TAG_MAKE);
  auto model = text_of(d.get(), EXIF_IFD_0, EXIF_TAG_MODEL);
  if (make && model && !model->starts_with(*make))
    found.camera = *make + " " + *model;
  else
    found.camera = model ? model : make;
  found.description = text_of(d.get(), EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION);
  found.orientation = orientation_of(d.get());
  return found;
}

} // namespace vigie
