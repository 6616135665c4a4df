#pragma once

#include "domain/model_call.hpp"

#include <memory>
#include <string>

namespace vigie {

struct gemini_options {
  std::string base_url = "https://generativelanguage.googleapis.com";
  std::string api_key; ///< Sent in `x-goog-api-key`, shown nowhere.
};

/// generateContent over HTTP(S), one connection per call, no redirects, the
/// system's certificates. Thread-safe. The time-out bounds the whole call,
/// however slowly the other side drips.
std::shared_ptr<model_client> make_gemini_client(gemini_options options);

} // namespace vigie
