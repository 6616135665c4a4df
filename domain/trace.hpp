#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigie {

/// W3C Trace Context, level 1: what `traceparent` says.
struct trace_context {
  std::string trace_id;  ///< 32 hex digits, not all 0.
  std::string parent_id; ///< 16 hex digits, not all 0.
  std::string flags;     ///< 2 hex digits.
};

/// Nothing when the value is not one that the specification allows. A later
/// version than 00 is read as far as 00 goes (section 3.2.4).
std::optional<trace_context> parse_traceparent(std::string_view text);

/// The same trace, with a span of ours.
std::string traceparent(const trace_context& of, std::string_view span_id);

/// 1 to 128 of [A-Za-z0-9._-]: safe in a header, a log and a search.
bool sane_request_id(std::string_view id);

/// Hex digits that nobody has used; `digits` is 16 or 32. Thread-safe. Not for
/// secrets.
std::string random_hex(int digits);

} // namespace vigie
