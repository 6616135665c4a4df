#pragma once

#include "http/gemini_envelope.hpp"

#include <string>
#include <string_view>

namespace vigie {

/// Lower case without `_`, `-` and spaces: names are spelled in many ways.
std::string squeezed(std::string_view text);

/// The longest of all delays told, 25 h at most.
void read_delay(const error_words& e, std::string_view retry_after,
                model_reply& out);

/// What a 429 or 402 means (GEMINI.md 3.4); `out.http` is set.
void read_refusal(const error_words& e, std::string_view retry_after,
                  model_reply& out);

} // namespace vigie
