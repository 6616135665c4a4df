#include "domain/fold.hpp"

#include <map>

namespace vigie {

namespace {

/// Second byte of the Latin-1 Supplement (U+00C0-U+00FF) -> plain letters.
const std::map<unsigned char, const char*>& latin() {
  static const std::map<unsigned char, const char*> all = [] {
    std::map<unsigned char, const char*> m;
    auto add = [&m](const char* plain, unsigned from, unsigned to) {
      for (auto c = from; c <= to; ++c) {
        m[static_cast<unsigned char>(c)] = plain;        // upper case
        m[static_cast<unsigned char>(c + 0x20)] = plain; // lower case
      }
    };
    add("a", 0x80, 0x85);
    add("ae", 0x86, 0x86);
    add("c", 0x87, 0x87);
    add("e", 0x88, 0x8B);
    add("i", 0x8C, 0x8F);
    add("n", 0x91, 0x91);
    add("o", 0x92, 0x96);
    add("u", 0x99, 0x9C);
    add("y", 0x9D, 0x9D);
    return m;
  }();
  return all;
}

} // namespace

std::string fold(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    auto c = static_cast<unsigned char>(s[i]);
    auto next = i + 1 < s.size() ? static_cast<unsigned char>(s[i + 1]) : 0;
    if (c == 0xC3 && latin().count(static_cast<unsigned char>(next))) {
      out += latin().at(static_cast<unsigned char>(next));
      ++i;
    } else if (c == 0xC5 && (next == 0x92 || next == 0x93)) {
      out += "oe";
      ++i;
    } else if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c + 0x20);
    } else {
      out += s[i];
    }
  }
  return out;
}

} // namespace vigie
