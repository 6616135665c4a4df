#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vigie {

/// Watches a chunked body go by (RFC 9112, 7.1) and refuses what httplib would
/// swallow: endless size lines, signs, sizes over the limit, trailers.
/// Pure; one thread.
class chunk_guard {
public:
  explicit chunk_guard(uint64_t limit) : left_(limit) {}

  enum class verdict : uint8_t { more, complete, broken, too_large };

  /// Looks at `bytes`; `used` is how many of them belong to this body.
  verdict feed(std::string_view bytes, std::size_t& used);

private:
  enum class part : uint8_t {
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    end_cr,
    end_lf
  };
  verdict step(char c);
  verdict size_char(char c);

  part at_ = part::size;
  uint64_t left_;      ///< Bytes of data that may still come, all chunks.
  uint64_t chunk_ = 0; ///< Bytes of this chunk.
  unsigned digits_ = 0;
  unsigned extra_ = 0;
};

} // namespace vigie
