#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vigie {

/// An instant in UTC, as stored and shown: microseconds.
using utc_time = std::chrono::sys_time<std::chrono::microseconds>;

/// `2026-11-23T13:46:33.307169Z` (RFC 3339): what REST and SSE carry.
std::string rfc3339(utc_time t);

/// `2026-11-23 13:46:33.307169`: what rows of the kept schema carry (UTC).
std::string sql_time(utc_time t);

/// Reads both forms above, with or without fraction and `Z`.
std::optional<utc_time> parse_time(std::string_view text);

/// The wall clock. Only FRONT-side edges call it; rules take `now`.
utc_time utc_now();

} // namespace vigie
