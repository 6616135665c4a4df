#include "analysis/encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace vigie {

namespace {

std::optional<std::string> convert(std::string_view bytes, const char* from) {
  auto handle = ::iconv_open("UTF-8", from);
  if (handle == reinterpret_cast<iconv_t>(-1))
    return std::nullopt;
  std::string out;
  std::array<char, 4'096> buffer;
  auto* in = const_cast<char*>(bytes.data()); // iconv only reads it
  auto left = bytes.size();
  auto good = true;
  while (good && left > 0) {
    auto* to = buffer.data();
    auto room = buffer.size();
    auto failed =
        ::iconv(handle, &in, &left, &to, &room) == static_cast<std::size_t>(-1);
    if (failed && errno == EILSEQ && left > 0) { // undefined in that code page
      ++in;
      --left;
      out.append(buffer.data(), buffer.size() - room);
      out += "\xEF\xBF\xBD";
      continue;
    }
    good = !failed || errno == E2BIG;
    out.append(buffer.data(), buffer.size() - room);
  }
  ::iconv_close(handle);
  return out; // a sequence cut at the very end is left out
}

bool mostly_zero(std::string_view bytes, std::size_t from) {
  std::size_t zeros = 0, all = 0;
  for (auto i = from; i < bytes.size(); i += 2, ++all)
    zeros += bytes[i] == '\0';
  return all > 0 && zeros * 10 >= all * 9;
}

bool has_controls(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) {
    auto u = static_cast<unsigned char>(c);
    return u < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f'
           && c != '\v' && c != '\x1b';
  });
}

std::optional<decoded_text> as(std::string_view bytes, const char* encoding) {
  auto text = convert(bytes, encoding);
  if (!text || has_controls(*text))
    return std::nullopt;
  return decoded_text{std::move(*text), encoding};
}

} // namespace

bool valid_utf8(std::string_view s) {
  for (std::size_t i = 0; i < s.size();) {
    auto c = static_cast<unsigned char>(s[i]);
    auto n = c < 0x80                ? 1u
             : c >= 0xC2 && c < 0xE0 ? 2u
             : c >= 0xE0 && c < 0xF0 ? 3u
             : c >= 0xF0 && c < 0xF5 ? 4u
                                     : 0u;
    if (n == 0 || i + n > s.size())
      return false;
    for (auto k = 1u; k < n; ++k)
      if ((static_cast<unsigned char>(s[i + k]) & 0xC0) != 0x80)
        return false;
    i += n;
  }
  return true;
}

std::optional<decoded_text> decode_text(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF"))
    bytes.remove_prefix(3);
  else if (bytes.starts_with("\xFF\xFE"))
    return as(bytes.substr(2), "UTF-16LE");
  else if (bytes.starts_with("\xFE\xFF"))
    return as(bytes.substr(2), "UTF-16BE");
  if (valid_utf8(bytes) && !has_controls(bytes))
    return decoded_text{std::string{bytes}, "UTF-8"};
  if (mostly_zero(bytes, 1))
    return as(bytes, "UTF-16LE");
  if (mostly_zero(bytes, 0))
    return as(bytes, "UTF-16BE");
  if (has_controls(bytes))
    return std::nullopt;
  auto text = convert(bytes, "WINDOWS-1252");
  if (!text)
    return std::nullopt;
  return decoded_text{std::move(*text), "windows-1252"};
}

} // namespace vigie
