#pragma once

#include "actors/protocol.hpp"
#include "domain/prompt.hpp"
#include "domain/scoring.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace vigie {

/// How batches use Gemini; the same for all of them.
struct gemini_plan {
  bool enabled = false;
  bool required = false; ///< Without its analysis the batch fails.
  bool has_key = false;
  bool summary = true;
  std::vector<std::string> models; ///< The model, then its fallbacks.
  std::chrono::seconds budget{600};
  prompt image, closing;
  std::string image_schema, summary_schema;
  desk_actor desk; ///< Null unless enabled with a key.
  std::shared_ptr<const model_answers> answers;
  std::function<std::string(const std::string&)> sha256; ///< Hex digits.
};

using plan_ptr = std::shared_ptr<const gemini_plan>;

/// The first row of an analysis, and its run with the whole budget.
gemini_begun beginning(const gemini_plan& plan, const std::string& by,
                       utc_time now);

/// A stored run, to be gone on with: never more than `budget` is left, even
/// when the clock went back meanwhile.
gemini_run resumed(gemini_run run, std::chrono::seconds budget, utc_time now);

} // namespace vigie
