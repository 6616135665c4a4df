#pragma once

#include "domain/model_call.hpp"

#include <optional>
#include <string_view>

namespace vigie {

/// Delays in the forms that Gemini and its libraries write (GEMINI.md 3.3).
/// Negative, NaN, infinite and malformed ones read as missing, absurdly long
/// ones as `longest_delay`. Never throw.
constexpr seconds_f longest_delay{25 * 3'600};

std::optional<seconds_f> sane_delay(double seconds);

/// `47s`, `45.837906927s`, `900ms`, a bare number of seconds.
std::optional<seconds_f> parse_duration(std::string_view text);
/// `Please retry in 10h50m43.65s.` anywhere in a text; the largest one.
std::optional<seconds_f> parse_retry_in(std::string_view text);
/// gRPC text: `retry_delay { seconds: 21 nanos: 5 }`.
std::optional<seconds_f> parse_grpc_delay(std::string_view text);

} // namespace vigie
