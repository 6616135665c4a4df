#include "tools/vigie_admin/terminal.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace vigie {

namespace {

struct character {
  uint32_t point = 0;
  std::size_t bytes = 1;
};

/// Nothing where the text is no UTF-8: overlong, cut, or a surrogate.
std::optional<character> first_of(std::string_view text) {
  auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80)
    return character{lead, 1};
  auto n = lead >= 0xF0 ? 4u : lead >= 0xE0 ? 3u : 2u;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < n)
    return std::nullopt;
  uint32_t point = lead & (0xFFu >> (n + 1));
  for (std::size_t i = 1; i < n; ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80)
      return std::nullopt;
    point = point << 6 | (byte & 0x3Fu);
  }
  constexpr uint32_t least[]{0, 0, 0x80, 0x800, 0x10000};
  if (point < least[n] || point > 0x10FFFF
      || (point >= 0xD800 && point <= 0xDFFF))
    return std::nullopt;
  return character{point, n};
}

bool shows(uint32_t point) {
  auto control = point < 0x20 || (point >= 0x7F && point < 0xA0);
  auto line = point == 0x2028 || point == 0x2029;
  auto turns = point == 0x200E || point == 0x200F || point == 0x061C
               || (point >= 0x202A && point <= 0x202E)
               || (point >= 0x2066 && point <= 0x2069);
  return !control && !line && !turns;
}

} // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto c = first_of(text);
    auto n = c ? c->bytes : 1;
    if (c && shows(c->point))
      out += text.substr(0, n);
    else
      out += '?';
    text.remove_prefix(n);
  }
  return out;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
      }));
}

std::string shortened(const std::string& text, std::size_t most) {
  if (columns(text) <= most)
    return text;
  std::string out;
  for (auto c : text) {
    if (columns(out + c) > most - 1)
      break;
    out += c;
  }
  return out + "…";
}

std::string table(std::vector<std::vector<std::string>> rows,
                  const std::vector<ink>& inks, bool colour) {
  std::vector<std::size_t> widths;
  for (auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = printable(row[i]);
      widths.resize(std::max(widths.size(), i + 1));
      widths[i] = std::max(widths[i], columns(row[i]));
    }
  std::string out;
  for (std::size_t n = 0; n < rows.size(); ++n) {
    auto& row = rows[n];
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size())
        line += std::string(widths[i] - columns(row[i]) + 2, ' ');
    }
    out += painted(line, n < inks.size() ? inks[n] : ink::plain, colour) + "\n";
  }
  return out;
}

} // namespace vigie
