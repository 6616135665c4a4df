#pragma once

#include "domain/log.hpp"
#include "domain/time.hpp"

#include <string>
#include <string_view>

namespace vigie {

enum class log_format : uint8_t { text, json };

/// One line, without its end. Text: `program: sentence key=value … at=TIME`, so
/// that a line begins as it always has. JSON: one object; `time`, `level`,
/// `program`, `message`, then the fields. Control characters never pass, nor
/// bytes that are no UTF-8. Pure.
std::string render(log_format format, std::string_view program,
                   const log_entry& entry, utc_time now);

std::string_view to_string(log_level x); ///< debug | info | warning | error

} // namespace vigie
