#include "http/gemini_reply.hpp"

#include "domain/cut.hpp"
#include "http/gemini_refusal.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace vigie {

namespace {

constexpr std::size_t most_words = 300; // bytes of upstream's own words

bool has(std::string_view text, std::string_view what) {
  return text.find(what) != text.npos;
}

bool bad_key(const error_words& e) {
  constexpr std::array reasons{
      "API_KEY_INVALID", "API_KEY_EXPIRED", "API_KEY_SERVICE_BLOCKED",
      "API_KEY_IP_ADDRESS_BLOCKED", "SERVICE_DISABLED"};
  auto words = squeezed(e.message);
  return std::find(reasons.begin(), reasons.end(), e.reason) != reasons.end()
         || has(words, "apikeynotvalid") || has(words, "apikeyexpired")
         || has(words, "apikeynotfound");
}

reply_kind kind_of(int http, const error_words& e) {
  // Of a proxy or a firewall on the way: Google has not answered.
  auto of_google = e.is_error && (e.code != 0 || !e.status.empty());
  switch (http) {
  case 401:
  case 403:
    return of_google || bad_key(e) ? reply_kind::key : reply_kind::transient;
  case 404:
    return of_google ? reply_kind::model : reply_kind::transient;
  case 408:
  case 499:
    return reply_kind::transient;
  case 400:
    if (bad_key(e))
      return reply_kind::key;
    if (e.status == "FAILED_PRECONDITION"
        || has(squeezed(e.message), "locationisnotsupported"))
      return reply_kind::config;
    return reply_kind::bad_request;
  default:
    return http >= 400 && http < 500 ? reply_kind::bad_request
                                     : reply_kind::transient;
  }
}

bool is_blocking(std::string_view reason) {
  constexpr std::array all{"SAFETY", "RECITATION", "BLOCKLIST",
                           "PROHIBITED_CONTENT", "SPII"};
  return reason.starts_with("IMAGE_")
         || std::find(all.begin(), all.end(), reason) != all.end();
}

void answered(const answer_words& a, model_reply& out) {
  out.text = a.text;
  out.finish = a.block_reason.empty() ? a.finish : a.block_reason;
  out.model_version = a.model_version;
  out.response_id = a.response_id;
  out.notice = a.notice;
  out.prompt_tokens = a.prompt_tokens;
  out.output_tokens = a.output_tokens;
  out.thought_tokens = a.thought_tokens;
  if (!a.block_reason.empty() || is_blocking(a.finish))
    out.kind = reply_kind::blocked;
  else if (a.finish == "MAX_TOKENS" && (a.text.empty() || !is_json(a.text)))
    out.kind = reply_kind::truncated;
  else
    out.kind = a.text.empty() ? reply_kind::malformed : reply_kind::ok;
}

} // namespace

model_reply classify(int http, std::string_view body,
                     std::string_view retry_after) {
  model_reply out;
  out.http = http;
  auto e = read_error(body);
  auto success = http >= 200 && http < 300;
  if (success && !e.is_error) {
    answered(read_answer(body), out);
    return out;
  }
  // A 200 can hold an error: its own code counts.
  if (success && e.code >= 400)
    out.http = http = e.code;
  else if (success)
    http = 500;
  out.message = cut(e.message, most_words);
  if (http == 429 || http == 402) {
    read_refusal(e, retry_after, out);
    return out;
  }
  out.kind = kind_of(http, e);
  if (out.kind == reply_kind::transient)
    read_delay(e, retry_after, out);
  return out;
}

} // namespace vigie
