#pragma once

#include "domain/model_call.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// One entry of QuotaFailure.violations.
struct violation {
  std::string id, metric;
  std::optional<int64_t> value;
};

/// What an error body says, whatever it was wrapped in.
struct error_words {
  bool is_error = false; ///< The body holds an `error` object.
  int code = 0;
  std::string status, message, reason;
  std::vector<violation> violations;
  std::vector<int64_t> limits; ///< `limit: N` of the message.
  std::vector<violation> said; ///< Those of them that name their metric.
  std::optional<seconds_f> retry_info;
  std::optional<seconds_f> said_delay; ///< `retry in` of the message.
};

/// What a 200 body says.
struct answer_words {
  std::string text, finish, block_reason, model_version, response_id, notice;
  int64_t prompt_tokens = 0, output_tokens = 0, thought_tokens = 0;
};

/// Both never throw; what is missing stays empty. A body that is no JSON, or
/// larger than 8 MB, or nested too deeply, is all message.
error_words read_error(std::string_view body);
answer_words read_answer(std::string_view body);
bool is_json(std::string_view text);

} // namespace vigie
