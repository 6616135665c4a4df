#include "domain/utf8.hpp"

namespace vigie {

std::size_t utf8_sequence(std::string_view s, std::size_t at) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  auto first = byte(at);
  auto n = std::size_t{0};
  if (first < 0x80)
    return 1;
  if (first >= 0xC2 && first <= 0xDF)
    n = 2;
  else if (first >= 0xE0 && first <= 0xEF)
    n = 3;
  else if (first >= 0xF0 && first <= 0xF4)
    n = 4;
  if (n == 0 || at + n > s.size())
    return 0;
  for (std::size_t i = 1; i < n; ++i)
    if ((byte(at + i) & 0xC0) != 0x80)
      return 0;
  auto second = byte(at + 1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)
      || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return n;
}

std::string plain_line(std::string_view s, std::size_t most) {
  std::string out;
  for (std::size_t i = 0, n = 0; i<s.size(); i += n> 0 ? n : 1) {
    n = utf8_sequence(s, i);
    auto c = static_cast<unsigned char>(s[i]);
    auto c1 =
        n == 2 && c == 0xC2 && static_cast<unsigned char>(s[i + 1]) < 0xA0;
    if (n == 0 || c1 || c < 0x20 || c == 0x7F)
      continue;
    if (out.size() + n > most)
      break;
    out += s.substr(i, n);
  }
  return out;
}

} // namespace vigie
