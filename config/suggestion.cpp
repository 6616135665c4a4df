#include "config/sources.hpp"

#include <algorithm>
#include <numeric>

namespace vigie {

namespace {

/// Letters to add, drop, change or swap with their neighbour (optimal string
/// alignment).
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before, last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min(
          {last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = last;
    last = now;
  }
  return last[b.size()];
}

std::string leaf(const std::string& key) {
  return key.substr(key.rfind('.') + 1);
}

} // namespace

std::string suggestion(const std::string& text,
                       const std::vector<std::string>& known) {
  constexpr std::size_t longest = 100; // a garbled file is no word
  if (text.size() > longest)
    return {};
  const std::string* best = nullptr;
  auto least = std::max<std::size_t>(2, text.size() / 4) + 1;
  for (auto& one : known) {
    auto far = distance(text, one);
    if (text.find('.') != text.npos && leaf(one) == leaf(text))
      far = std::min<std::size_t>(far, 2); // the right name in a wrong section
    if (far < least) {
      least = far;
      best = &one;
    }
  }
  return best ? "; did you mean " + *best + "?" : std::string{};
}

} // namespace vigie
