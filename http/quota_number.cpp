#include "http/quota_number.hpp"

#include <nlohmann/json.hpp>

#include <cctype>
#include <charconv>
#include <cmath>
#include <string>

namespace vigie {

namespace {

constexpr double most = 1e15; // exact in a double, above every quota

bool digit_at(std::string_view s, std::size_t i) {
  return i < s.size() && std::isdigit(static_cast<unsigned char>(s[i]));
}

/// `1000`, `1,000`, `1,000,000` at the front of `s`; eats it.
std::optional<int64_t> eat_whole(std::string_view& s) {
  std::string digits;
  std::size_t n = 0;
  while (digit_at(s, n))
    digits += s[n++];
  // A comma belongs to the number when exactly three digits follow it.
  auto grouped = [&] {
    return n < s.size() && s[n] == ',' && digit_at(s, n + 1)
           && digit_at(s, n + 2) && digit_at(s, n + 3) && !digit_at(s, n + 4);
  };
  if (!digits.empty() && digits.size() <= 3)
    for (; grouped(); n += 4)
      digits += s.substr(n + 1, 3);
  int64_t x = 0;
  auto [end, bad] =
      std::from_chars(digits.data(), digits.data() + digits.size(), x);
  if (digits.empty() || bad != std::errc{} || static_cast<double>(x) > most)
    return std::nullopt;
  s.remove_prefix(n);
  return x;
}

/// The metric that stands before the limit, in the same line.
std::string_view metric_before(std::string_view text, std::size_t limit) {
  constexpr std::string_view word = "metric: ";
  auto line = text.substr(0, limit);
  if (auto from = line.rfind('\n'); from != line.npos)
    line.remove_prefix(from + 1);
  auto at = line.rfind(word);
  if (at == line.npos)
    return {};
  line.remove_prefix(at + word.size());
  return line.substr(0, line.find(','));
}

} // namespace

std::optional<int64_t> quota_number(const nlohmann::json& x) {
  if (x.is_number()) {
    auto n = x.get<double>();
    if (!(n >= 0) || n > most || n != std::floor(n))
      return std::nullopt;
    return static_cast<int64_t>(n);
  }
  if (!x.is_string())
    return std::nullopt;
  std::string_view s = x.get_ref<const std::string&>();
  auto n = eat_whole(s);
  return s.empty() ? n : std::nullopt;
}

std::vector<said_limit> limits_in(std::string_view text) {
  constexpr std::string_view word = "limit: ";
  std::vector<said_limit> out;
  for (auto i = text.find(word); i != text.npos; i = text.find(word, i + 1)) {
    auto rest = text.substr(i + word.size());
    auto n = eat_whole(rest);
    auto fraction = rest.starts_with('.') && digit_at(rest, 1);
    if (n && !fraction)
      out.push_back({metric_before(text, i), *n});
  }
  return out;
}

} // namespace vigie
