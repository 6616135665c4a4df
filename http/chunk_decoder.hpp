#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace vigie {

/// Takes the chunked coding off a body (RFC 9112, 7.1). Stricter than httplib,
/// which swallows endless size lines, signs, sizes over the limit, trailers.
/// Pure; one thread.
class chunk_decoder {
public:
  /// `limit`: bytes of data, all chunks together.
  explicit chunk_decoder(uint64_t limit) : left_(limit) {}

  enum class verdict : uint8_t { more, complete, broken, too_large };

  /// Reads `bytes` and writes their data; ends at their end, at the end of the
  /// body or when `to` is full. `used`: bytes read; `made`: bytes written.
  verdict decode(std::string_view bytes, std::span<char> to, std::size_t& used,
                 std::size_t& made);

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
