#pragma once

#include "domain/model_call.hpp"

#include <string_view>

namespace vigie {

/// What a reply of generateContent means (GEMINI.md 1.2-1.5, 3.3, 3.4). Pure;
/// never throws; a delay is between 0 and 25 h. `retry_after` is the header.
model_reply classify(int http, std::string_view body,
                     std::string_view retry_after = {});

} // namespace vigie
