#pragma once

#include "domain/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie {

enum class framing : uint8_t { none, sized, chunked };

/// A request head, read strictly before httplib sees it (RFC 9112): what two
/// readers could understand differently is refused. `fault` says why.
struct request_head {
  std::string method;
  std::string target;
  std::string path; ///< Percent-decoded, without the query.
  std::vector<std::pair<std::string, std::string>> fields;
  framing body = framing::none;
  uint64_t length = 0;  ///< Of a sized body, in bytes.
  bool close = false;   ///< The client wants the connection closed.
  bool encoded = false; ///< A Content-Encoding other than identity.

  /// Value of the first field of that name (any case), or empty.
  std::string_view field(std::string_view name) const;
  bool has_body() const { return body == framing::chunked || length > 0; }
};

/// Parses `raw`, which ends with an empty line. Fields that were read before
/// a fault are kept in `into`, so that a refusal can still carry CORS.
outcome<done> parse_head(std::string_view raw, request_head& into);

} // namespace vigie
