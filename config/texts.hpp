#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <type_traits>

namespace vigie {

/// How the text of a setting is read: what is wrong with it, if anything.
using verdict = std::optional<std::string>;

template <class T>
verdict number(T& to, const std::string& text, T least, T most) {
  T x{};
  auto end = text.data() + text.size();
  auto [stop, bad] = std::from_chars(text.data(), end, x);
  if (bad != std::errc{} || stop != end || !(x >= least) || x > most)
    return "\"" + text + "\" is not a number from " + std::to_string(least)
           + " to " + std::to_string(most);
  to = x;
  return std::nullopt;
}

inline verdict address(std::string& host, auto& port, const std::string& text) {
  auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0)
    return "\"" + text + "\" is not host:port";
  int n = 0;
  if (auto bad = number(n, text.substr(colon + 1), 0, 65'535))
    return bad;
  host = text.substr(0, colon);
  port = static_cast<std::remove_reference_t<decltype(port)>>(n);
  return std::nullopt;
}

inline verdict seconds(std::chrono::seconds& to, const std::string& text,
                       long least, long most) {
  long n = 0;
  if (auto bad = number(n, text, least, most))
    return bad;
  to = std::chrono::seconds{n};
  return std::nullopt;
}

inline verdict duration(std::chrono::seconds& to, const std::string& text) {
  return seconds(to, text, 1, 86'400);
}

} // namespace vigie
