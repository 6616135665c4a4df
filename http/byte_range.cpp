#include "http/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace vigie {

namespace {

std::optional<uint64_t> number(std::string_view text) {
  uint64_t n = 0;
  auto end = text.data() + text.size();
  auto [stop, bad] = std::from_chars(text.data(), end, n);
  if (text.empty() || bad != std::errc{} || stop != end)
    return std::nullopt;
  return n;
}

} // namespace

byte_range range_of(std::string_view header, uint64_t size) {
  using kind = byte_range::kind;
  constexpr std::string_view unit = "bytes=";
  auto whole = byte_range{kind::whole, 0, size};
  auto dash = header.find('-');
  if (!header.starts_with(unit) || dash == header.npos)
    return whole;
  auto first = header.substr(unit.size(), dash - unit.size());
  auto last = header.substr(dash + 1);
  auto a = number(first);
  auto b = number(last);
  if ((!a && !first.empty()) || (!b && !last.empty()) || (!a && !b)
      || (a && b && *a > *b))
    return whole;
  if (!a) { // the last so many
    auto n = std::min(*b, size);
    return {n == 0 ? kind::impossible : kind::part, size - n, n};
  }
  if (*a >= size)
    return {kind::impossible, 0, 0};
  auto end = b ? std::min(*b, size - 1) : size - 1;
  return {kind::part, *a, end - *a + 1};
}

} // namespace vigie
