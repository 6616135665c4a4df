#include "tests/analysis/samples.hpp"

#include <libexif/exif-data.h>

#include <cmath>
#include <cstring>
#include <memory>

namespace vigie::samples {

namespace {

using namespace std::string_literals;

std::string big(uint64_t x, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i)
    out += static_cast<char>(x >> (8 * i) & 0xFF);
  return out;
}

uint32_t crc(std::string_view bytes) {
  uint32_t c = ~0u;
  for (unsigned char b : bytes) {
    c ^= b;
    for (int k = 0; k < 8; ++k)
      c = c >> 1 ^ (c & 1 ? 0xEDB88320u : 0u);
  }
  return ~c;
}

std::string png_chunk(const std::string& type, const std::string& body) {
  return big(body.size(), 4) + type + body + big(crc(type + body), 4);
}

void add(ExifData* d, ExifIfd ifd, int tag, ExifFormat format,
         unsigned long count, const std::string& bytes) {
  auto* entry = ::exif_entry_new();
  entry->tag = static_cast<ExifTag>(tag);
  entry->format = format;
  entry->components = count;
  entry->size = static_cast<unsigned>(bytes.size());
  entry->data = static_cast<unsigned char*>(::malloc(bytes.size()));
  std::memcpy(entry->data, bytes.data(), bytes.size());
  ::exif_content_add_entry(d->ifd[ifd], entry);
  ::exif_entry_unref(entry);
}

void add_text(ExifData* d, ExifIfd ifd, int tag, const std::string& text) {
  if (!text.empty())
    add(d, ifd, tag, EXIF_FORMAT_ASCII, text.size() + 1,
        text + std::string(1, '\0'));
}

void add_degrees(ExifData* d, int tag, double degrees, const char* sides) {
  std::string bytes(24, '\0');
  auto* at = reinterpret_cast<unsigned char*>(bytes.data());
  auto seconds = std::llround(std::abs(degrees) * 3'600 * 100);
  auto put = [&](int i, long long n, unsigned over) {
    ::exif_set_rational(at + 8 * i, EXIF_BYTE_ORDER_INTEL,
                        {static_cast<unsigned>(n), over});
  };
  put(0, seconds / 360'000, 1);
  put(1, seconds / 6'000 % 60, 1);
  put(2, seconds % 6'000, 100);
  add(d, EXIF_IFD_GPS, tag, EXIF_FORMAT_RATIONAL, 3, bytes);
  add_text(d, EXIF_IFD_GPS, tag - 1, std::string(1, sides[degrees < 0]));
}

/// Protocol buffers, as much as a tiny ONNX file needs.
std::string number(int field, uint64_t x) {
  return std::string(1, static_cast<char>(field << 3))
         + std::string(1, static_cast<char>(x)); // all below 128
}

std::string part(int field, const std::string& bytes) {
  return std::string(1, static_cast<char>(field << 3 | 2))
         + std::string(1, static_cast<char>(bytes.size())) + bytes;
}

std::string tensor_info(const std::string& name, std::vector<int> shape) {
  std::string dims;
  for (auto n : shape)
    dims += part(1, number(1, static_cast<uint64_t>(n)));
  return part(1, name) + part(2, part(1, number(1, 1) + part(2, dims)));
}

} // namespace

std::string png_header(uint32_t width, uint32_t height) {
  return "\x89PNG\r\n\x1a\n"s
         + png_chunk("IHDR", big(width, 4) + big(height, 4) + "\x08\x02\0\0\0"s)
         + png_chunk("IDAT", "x\x9c\x03\0\0\0\0\x01"s) + png_chunk("IEND", "");
}

std::string gif(int width, int height) {
  auto size = std::string{
      static_cast<char>(width & 0xFF), static_cast<char>(width >> 8),
      static_cast<char>(height & 0xFF), static_cast<char>(height >> 8)};
  std::string data;
  unsigned bits = 0, held = 0;
  auto code = [&](unsigned x) { // three bits each: cleared before they grow
    bits |= x << held;
    for (held += 3; held >= 8; held -= 8, bits >>= 8)
      data += static_cast<char>(bits & 0xFF);
  };
  for (int i = 0; i < width * height; ++i) {
    if (i % 2 == 0)
      code(4);
    code(i / 2 % 2 ? 1 : 0);
  }
  code(5);
  code(0), code(0), code(0);
  auto out = "GIF89a"s + size + "\x80\0\0"s + "\xFF\xFF\xFF\0\0\0"s + ","
             + std::string(4, '\0') + size + "\0\x02"s;
  for (std::size_t at = 0; at < data.size(); at += 255) {
    auto block = data.substr(at, 255);
    out += static_cast<char>(block.size()) + block;
  }
  return out + "\0;"s;
}

std::string exif_block(const exif_wish& wish) {
  std::unique_ptr<ExifData, void (*)(ExifData*)> d{::exif_data_new(),
                                                   ::exif_data_unref};
  ::exif_data_set_byte_order(d.get(), EXIF_BYTE_ORDER_INTEL);
  add_text(d.get(), EXIF_IFD_0, EXIF_TAG_MAKE, wish.make);
  add_text(d.get(), EXIF_IFD_0, EXIF_TAG_MODEL, wish.model);
  add_text(d.get(), EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION, wish.about);
  add_text(d.get(), EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, wish.taken);
  add(d.get(), EXIF_IFD_0, EXIF_TAG_ORIENTATION, EXIF_FORMAT_SHORT, 1,
      {static_cast<char>(wish.orientation), '\0'});
  if (wish.latitude != 0 || wish.longitude != 0) {
    add_degrees(d.get(), EXIF_TAG_GPS_LATITUDE, wish.latitude, "NS");
    add_degrees(d.get(), EXIF_TAG_GPS_LONGITUDE, wish.longitude, "EW");
  }
  unsigned char* bytes = nullptr;
  unsigned size = 0;
  ::exif_data_save_data(d.get(), &bytes, &size);
  std::string out(reinterpret_cast<char*>(bytes), size);
  ::free(bytes);
  return out;
}

std::string jpeg_with(const std::string& exif, std::string jpeg) {
  return jpeg.insert(2, "\xFF\xE1" + big(exif.size() + 2, 2) + exif);
}

std::string png_with(const std::string& exif, std::string png) {
  return png.insert(33, png_chunk("eXIf", exif.substr(6)));
}

std::string reshape_model() {
  auto shape = std::string{1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0,
                           0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0};
  auto node = part(1, "images") + part(1, "shape") + part(2, "out")
              + part(3, "only") + part(4, "Reshape");
  auto values = number(1, 3) + number(2, 7) + part(8, "shape") + part(9, shape);
  auto graph = part(1, node) + part(2, "g") + part(5, values);
  auto in = part(11, tensor_info("images", {1, 3, 2, 2}));
  auto out = part(12, tensor_info("out", {1, 2, 6}));
  auto whole = graph + in + out;
  auto length = std::string{static_cast<char>(whole.size() % 128 | 128),
                            static_cast<char>(whole.size() / 128)};
  return number(1, 7) + "\x3A" + length + whole + part(8, number(2, 11));
}

} // namespace vigie::samples
