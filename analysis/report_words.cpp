#include "analysis/report_words.hpp"

#include <glib.h>

#include <algorithm>
#include <memory>

namespace vigie {

namespace {

/// Controls, and the marks that would reverse the text after them.
bool is_unprintable(gunichar c) {
  return g_unichar_iscntrl(c) || (c >= 0x200B && c <= 0x200F)
         || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)
         || c == 0xFEFF || !g_unichar_validate(c);
}

} // namespace

std::string printable(std::string_view text, std::size_t most) {
  std::unique_ptr<char, void (*)(void*)> valid{
      g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), g_free};
  std::string out;
  std::size_t count = 0;
  for (const char* at = valid.get(); *at; at = g_utf8_next_char(at)) {
    auto c = g_utf8_get_char(at);
    if (count++ == most)
      return out + "…";
    if (c == '\n' || c == '\t')
      out += c == '\n' ? '\n' : ' ';
    else if (!is_unprintable(c))
      out.append(at, static_cast<const char*>(g_utf8_next_char(at)));
  }
  while (!out.empty() && (out.back() == '\n' || out.back() == ' '))
    out.pop_back();
  return out;
}

std::string without_gaps(std::string_view text) {
  constexpr std::string_view blank = " \t\r\f\v";
  std::string out;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    auto from = line.find_first_not_of(blank);
    if (from == line.npos)
      continue;
    out += line.substr(from, line.find_last_not_of(blank) - from + 1);
    out += '\n';
  }
  return out;
}

color paint_of(severity s) {
  switch (s) {
  case severity::negligible:
    return {0.62, 0.65, 0.70};
  case severity::low:
    return {0.36, 0.60, 0.40};
  case severity::medium:
    return {0.90, 0.68, 0.15};
  case severity::high:
    return {0.88, 0.44, 0.13};
  case severity::critical:
    return {0.75, 0.12, 0.14};
  }
  return {};
}

} // namespace vigie
