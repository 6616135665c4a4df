#pragma once

#include "domain/model_call.hpp"
#include "domain/outcome.hpp"

#include <string>

namespace vigie {

/// Largest body that is sent; GEMINI.md 1.1 (Google takes more).
constexpr std::size_t most_request_bytes = 15'000'000;

/// The JSON body of generateContent; reads the image. The problem says what is
/// wrong with it, without its path.
outcome<std::string> request_body(const model_request& request);

/// Schemas that answers must follow (OpenAPI subset of `responseSchema`).
std::string image_schema_json();
std::string summary_schema_json();

} // namespace vigie
