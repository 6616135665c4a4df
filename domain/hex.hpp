#pragma once

#include <cstddef>
#include <string>

namespace vigie {

/// Lower-case hex digits of `n` bytes.
inline std::string hex(const unsigned char* bytes, std::size_t n) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < n; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

} // namespace vigie
