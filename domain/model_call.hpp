#pragma once

#include "domain/batch.hpp"
#include "domain/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace vigie {

/// Seconds as the API speaks them; never negative in a reply.
using seconds_f = std::chrono::duration<double>;

/// What a reply of generateContent means for whoever asked.
enum class reply_kind : uint8_t {
  ok,          ///< Text is there.
  blocked,     ///< Safety, recitation, prohibited: never again.
  truncated,   ///< MAX_TOKENS without usable text: once more, doubled cap.
  malformed,   ///< 200 without anything usable: once more.
  minute,      ///< 429 that ends within minutes.
  day,         ///< 429 of a daily quota, or a delay of 600 s and more.
  limit0,      ///< 429: the model is not in the plan.
  billing,     ///< 402, spending cap, credits depleted.
  bare,        ///< 429 that says nothing.
  transient,   ///< 5xx, 408, 499, no connection, time-out.
  key,         ///< The key is bad, leaked or not allowed.
  config,      ///< Region, failed precondition.
  bad_request, ///< The request can never succeed.
  model,       ///< 404: no such model.
};

std::string_view to_string(reply_kind x);

/// Which quota a 429 speaks of.
enum class quota_dim : uint8_t { none, rpm, tpm, rpd };

std::string_view to_string(quota_dim x);

/// One reply, classified (GEMINI.md 1.2-1.5, 3.3, 3.4).
struct model_reply {
  reply_kind kind = reply_kind::transient;
  int http = 0;                   ///< 0: no answer at all.
  std::optional<seconds_f> delay; ///< As told: 0..25 h; absent: not told.
  std::string delay_source;       ///< retryInfo | message | header
  quota_dim dim = quota_dim::none;
  std::optional<int64_t> value; ///< Quota as told (quotaValue or `limit:`).
  std::string quota_id;
  std::string message; ///< Upstream's words, 300 bytes at most.
  std::string text;    ///< Candidate text, thoughts left out.
  std::string finish;  ///< finishReason or blockReason.
  std::string model_version, response_id;
  std::string notice; ///< modelStatus.message: the model is to retire.
  int64_t prompt_tokens = 0, output_tokens = 0, thought_tokens = 0;
};

/// One picture for the model: a file as stored, or bytes made from it.
struct model_image {
  std::string mime;                         ///< image/jpeg, png or webp
  std::string path;                         ///< Absolute; or
  std::shared_ptr<const std::string> bytes; ///< a converted copy.
};

/// One call of generateContent.
struct model_request {
  std::string model;
  std::string instruction; ///< System instruction.
  std::string user_text;   ///< Evidence is quoted in it as data.
  std::optional<model_image> image;
  std::string schema_json; ///< responseSchema
  int max_output_tokens = 8'192;
  std::chrono::milliseconds timeout{120'000};
};

/// Calls the model. Thread-safe; blocks at most `timeout`; a stop ends the
/// call early (the answer is then of kind transient, http 0). Never throws.
class model_client {
public:
  virtual ~model_client() = default;
  virtual model_reply call(const model_request& request,
                           std::stop_token stop) = 0;
};

/// What the model saw in one image, checked against the schema.
struct image_audit {
  std::string security_level;            ///< low | medium | high | critical
  std::string summary;                   ///< One French sentence or two.
  std::vector<observation> observations; ///< source gemini, security_<type>.
};

/// What the model makes of the whole batch.
struct model_summary {
  std::string text;
  std::vector<std::string> findings, recommendations;
};

/// Reads the model's JSON. Thread-safe, pure.
class model_answers {
public:
  virtual ~model_answers() = default;
  virtual outcome<image_audit> image(const std::string& text,
                                     const std::string& filename,
                                     utc_time now) const = 0;
  virtual outcome<model_summary> summary(const std::string& text) const = 0;
};

} // namespace vigie
