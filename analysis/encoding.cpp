#include "analysis/encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace vigie {

namespace {

std::optional<std::string> convert(std::string_view bytes, const char* from,
                                   std::size_t unit) {
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
    if (failed && errno == EILSEQ) { // undefined there, or half a surrogate
      auto skipped = std::min(unit, left);
      in += skipped;
      left -= skipped;
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

bool is_control(char c) {
  auto u = static_cast<unsigned char>(c);
  return u < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f'
         && c != '\v' && c != '\x1b';
}

bool has_controls(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), is_control);
}

/// Bytes of the character that `lead` begins; 0: it begins none.
std::size_t length_of(unsigned char lead) {
  return lead < 0x80                   ? 1
         : lead >= 0xC2 && lead < 0xE0 ? 2
         : lead >= 0xE0 && lead < 0xF0 ? 3
         : lead >= 0xF0 && lead < 0xF5 ? 4
                                       : 0;
}

/// The second byte rules out overlong forms, surrogates and U+110000 on.
bool may_follow(unsigned char lead, unsigned char second) {
  auto least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  auto most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= least && second <= most;
}

std::optional<decoded_text> as(std::string_view bytes, const char* encoding) {
  auto text = convert(bytes, encoding, 2);
  if (!text || has_controls(*text))
    return std::nullopt;
  return decoded_text{std::move(*text), encoding};
}

} // namespace

bool valid_utf8(std::string_view s) {
  auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  for (std::size_t i = 0; i < s.size();) {
    auto n = length_of(at(i));
    if (n == 0 || i + n > s.size() || (n > 1 && !may_follow(at(i), at(i + 1))))
      return false;
    for (std::size_t k = 2; k < n; ++k)
      if ((at(i + k) & 0xC0) != 0x80)
        return false;
    i += n;
  }
  return true;
}

std::string_view whole_characters(std::string_view s) {
  for (std::size_t back = 1; back <= 3 && back <= s.size(); ++back) {
    auto c = static_cast<unsigned char>(s[s.size() - back]);
    if ((c & 0xC0) == 0x80)
      continue;
    if (length_of(c) > back)
      s.remove_suffix(back);
    break;
  }
  return s;
}

std::string clean_utf8(std::string_view bytes) {
  std::string s{whole_characters(bytes)};
  std::replace_if(s.begin(), s.end(), is_control, ' ');
  if (valid_utf8(s))
    return s;
  auto text = decode_text(s);
  return text ? std::move(text->utf8) : std::string{};
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
  auto text = convert(bytes, "WINDOWS-1252", 1);
  if (!text)
    return std::nullopt;
  return decoded_text{std::move(*text), "windows-1252"};
}

} // namespace vigie
