#include "http/retry_delay.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string>

namespace vigie {

namespace {

/// Digits with an optional fraction at the front of `s`; eats them.
std::optional<double> eat_number(std::string_view& s) {
  std::size_t n = 0;
  while (n < s.size()
         && (std::isdigit(static_cast<unsigned char>(s[n])) || s[n] == '.'))
    ++n;
  double x = 0;
  auto [end, bad] =
      std::from_chars(s.data(), s.data() + n, x, std::chars_format::fixed);
  auto used = static_cast<std::size_t>(end - s.data());
  if (bad == std::errc::result_out_of_range) {
    x = s.find('.') < 20 ? 0 : 1e20; // hundreds of digits, behind or before
    bad = {};
  }
  if (bad != std::errc{} || used == 0)
    return std::nullopt;
  s.remove_prefix(used);
  return x;
}

void eat_spaces(std::string_view& s) {
  while (!s.empty() && std::isspace(static_cast<unsigned char>(s.front())))
    s.remove_prefix(1);
}

/// `10h50m43.65s`, `900ms`, `21s`: at least one part with its unit.
std::optional<double> eat_parts(std::string_view& s) {
  double sum = 0;
  auto any = false;
  for (;;) {
    auto rest = s;
    auto x = eat_number(rest);
    if (!x)
      break;
    double unit = 0;
    std::size_t length = 1;
    if (rest.starts_with("ms")) {
      unit = 1e-3;
      length = 2;
    } else if (rest.starts_with("h")) {
      unit = 3'600;
    } else if (rest.starts_with("m")) {
      unit = 60;
    } else if (rest.starts_with("s")) {
      unit = 1;
    } else {
      break;
    }
    sum += *x * unit;
    any = true;
    rest.remove_prefix(length);
    s = rest;
  }
  return any ? std::optional{sum} : std::nullopt;
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return out;
}

/// The number after `key :` within `text`.
std::optional<double> field(std::string_view text, std::string_view key) {
  auto at = text.find(key);
  if (at == text.npos)
    return std::nullopt;
  text.remove_prefix(at + key.size());
  eat_spaces(text);
  if (!text.starts_with(":"))
    return std::nullopt;
  text.remove_prefix(1);
  eat_spaces(text);
  return eat_number(text);
}

} // namespace

std::optional<seconds_f> sane_delay(double s) {
  if (!std::isfinite(s) || s < 0)
    return std::nullopt;
  return std::min(seconds_f{s}, longest_delay);
}

std::optional<seconds_f> parse_duration(std::string_view text) {
  eat_spaces(text);
  auto rest = text;
  if (auto parts = eat_parts(rest)) {
    eat_spaces(rest);
    return rest.empty() ? sane_delay(*parts) : std::nullopt;
  }
  if (auto bare = eat_number(text)) {
    eat_spaces(text);
    return text.empty() ? sane_delay(*bare) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<seconds_f> parse_retry_in(std::string_view text) {
  constexpr std::string_view words = "retry in ";
  auto small = lower(text);
  std::string_view all{small};
  std::optional<seconds_f> most;
  for (auto at = all.find(words); at != all.npos;
       at = all.find(words, at + 1)) {
    auto rest = all.substr(at + words.size());
    eat_spaces(rest);
    auto parts = eat_parts(rest);
    if (!parts) {
      if (auto bare = eat_number(rest)) {
        eat_spaces(rest);
        if (rest.starts_with("second"))
          parts = bare;
      }
    }
    if (auto found = parts ? sane_delay(*parts) : std::nullopt)
      most = std::max(most.value_or(seconds_f{0}), *found);
  }
  return most;
}

std::optional<seconds_f> parse_grpc_delay(std::string_view text) {
  auto at = text.find("retry_delay");
  if (at == text.npos)
    return std::nullopt;
  text.remove_prefix(at);
  auto open = text.find('{');
  auto close = text.find('}', open == text.npos ? 0 : open);
  if (open == text.npos || open > 20)
    return std::nullopt;
  text = text.substr(open, close == text.npos ? close : close - open);
  auto seconds = field(text, "seconds");
  auto nanos = field(text, "nanos");
  if (!seconds && !nanos)
    return std::nullopt;
  return sane_delay(seconds.value_or(0) + nanos.value_or(0) * 1e-9);
}

} // namespace vigie
