#include "domain/duplicates.hpp"

#include <bit>

namespace vigie {

namespace {

constexpr int near = 6; // bits of 64

/// Bits between two images; nothing when they cannot be compared.
std::optional<int> distance(const image_print& a, const image_print& b) {
  if (a.sha256 == b.sha256)
    return 0;
  if (!a.perceptual_hash || !b.perceptual_hash)
    return std::nullopt;
  return std::popcount(*a.perceptual_hash ^ *b.perceptual_hash);
}

observation same(const image_print& later, const image_print& earlier, int bits,
                 utc_time now) {
  observation o;
  o.filename = later.filename;
  o.label = "general";
  o.severity = severity::negligible;
  o.class_name =
      later.sha256 == earlier.sha256 ? "duplicate-exact" : "duplicate-near";
  o.extra = {{"of", earlier.filename}, {"distance", std::to_string(bits)}};
  o.created_at = now;
  return o;
}

} // namespace

std::vector<observation> find_duplicates(const std::vector<image_print>& prints,
                                         utc_time now) {
  std::vector<observation> out;
  for (std::size_t i = 0; i < prints.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (auto bits = distance(prints[i], prints[j]); bits && *bits <= near) {
        out.push_back(same(prints[i], prints[j], *bits, now));
        break;
      }
  return out;
}

} // namespace vigie
