#pragma once

#include "actors/gemini_desk.hpp"
#include "actors/gemini_plan.hpp"
#include "config/settings.hpp"

#include <memory>

namespace vigie {

/// What the actors need to speak with Gemini; callers and handles are filled
/// in by server_system.
struct gemini_parts {
  gemini_plan plan;
  desk_args desk;
  std::shared_ptr<model_client> client;
  unsigned callers = 0; ///< 0: no desk (off, or no key).
};

/// Midnight in America/Los_Angeles after `t`, by the system's time zones: when
/// Google's daily quotas begin anew.
utc_time next_pacific_midnight(utc_time t);

/// Tells keys apart without telling them: 16 hex digits of the SHA-256.
std::string key_fingerprint(const std::string& api_key);

/// Reads the prompts, too. The problem names the setting that is at fault.
outcome<gemini_parts> gemini_from(const settings& cfg,
                                  std::vector<gate_memory> memory);

} // namespace vigie
