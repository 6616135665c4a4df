#pragma once

#include <cstdint>
#include <string_view>

namespace vigie {

struct byte_range {
  enum class kind : uint8_t { whole, part, impossible };
  kind what = kind::whole;
  uint64_t from = 0;
  uint64_t bytes = 0;
};

/// Reads `Range: bytes=…` against `size` bytes (RFC 9110, 14.2). One range is
/// served; several, other units and nonsense are ignored, as the RFC allows.
byte_range range_of(std::string_view header, uint64_t size);

} // namespace vigie
