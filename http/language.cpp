#include "http/answers.hpp"

#include <algorithm>
#include <cctype>

namespace vigie {

namespace {

std::string_view trimmed(std::string_view s) {
  auto from = std::min(s.find_first_not_of(" \t"), s.size());
  s.remove_prefix(from);
  return s.substr(0, s.find_last_not_of(" \t") + 1);
}

/// `;q=0.8` in thousandths; anything else counts as 1.
int weight(std::string_view parameter) {
  parameter = trimmed(parameter);
  if (!parameter.starts_with("q=") && !parameter.starts_with("Q="))
    return 1'000;
  parameter.remove_prefix(2);
  if (parameter.empty() || parameter[0] != '0')
    return 1'000;
  auto out = 0, unit = 100;
  for (auto c : parameter.substr(std::min<std::size_t>(2, parameter.size()))) {
    if (c < '0' || c > '9')
      break;
    out += (c - '0') * unit;
    unit /= 10;
  }
  return out;
}

bool is(std::string_view tag, std::string_view language) {
  auto main = tag.substr(0, tag.find('-'));
  return std::equal(
      main.begin(), main.end(), language.begin(), language.end(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
}

} // namespace

bool prefers_french(std::string_view accept) {
  auto french = 0, english = 0;
  while (!accept.empty()) {
    auto comma = std::min(accept.find(','), accept.size());
    auto one = accept.substr(0, comma);
    accept.remove_prefix(std::min(comma + 1, accept.size()));
    auto semicolon = std::min(one.find(';'), one.size());
    auto tag = trimmed(one.substr(0, semicolon));
    auto q = weight(one.substr(std::min(semicolon + 1, one.size())));
    if (is(tag, "fr"))
      french = std::max(french, q);
    else if (is(tag, "en") || tag == "*")
      english = std::max(english, q);
  }
  return french > english;
}

} // namespace vigie
