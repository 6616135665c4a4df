#pragma once

#include "domain/model_call.hpp"

#include <memory>

namespace vigie {

/// Reads what the model answers to our schemas (http/gemini_request.hpp).
/// Bounded: at most 50 vulnerabilities, 1,000 bytes each text.
std::shared_ptr<const model_answers> make_model_answers();

} // namespace vigie
