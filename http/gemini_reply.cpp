// Over budget: one table of what replies mean.
#include "http/gemini_reply.hpp"

#include "http/gemini_envelope.hpp"
#include "http/retry_delay.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace vigie {

namespace {

constexpr seconds_f longest{25 * 3'600};
constexpr seconds_f a_day_from{600};

constexpr std::size_t most_words = 300; // bytes of upstream's own words

/// The first `most` bytes, never half a UTF-8 character.
std::string cut(const std::string& text, std::size_t most) {
  if (text.size() <= most)
    return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
    --most;
  return text.substr(0, most);
}

bool has(std::string_view text, std::string_view what) {
  return text.find(what) != text.npos;
}

std::string squeezed(std::string_view text) {
  std::string out;
  for (auto c : text)
    if (c != '_' && c != '-' && c != ' ')
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_billing(const error_words& e, int http) {
  auto words = squeezed(e.message);
  return http == 402 || has(words, "spendingcap")
         || (has(words, "credits") && has(words, "depleted"))
         || has(words, "prepaymentcreditsare");
}

/// Never clears: the model is not in the plan (1.5 F).
bool is_limit_zero(const error_words& e) {
  std::vector<int64_t> values;
  for (auto& v : e.violations)
    if (v.value)
      values.push_back(*v.value);
  auto zero = [](const std::vector<int64_t>& all) {
    return !all.empty() && std::all_of(all.begin(), all.end(), [](int64_t x) {
      return x == 0;
    });
  };
  return zero(e.limits) || zero(values);
}

quota_dim dim_of(const violation& v) {
  auto words = squeezed(v.id) + " " + squeezed(v.metric);
  if (has(words, "perday"))
    return quota_dim::rpd;
  if (has(words, "token"))
    return quota_dim::tpm;
  return words.size() > 1 ? quota_dim::rpm : quota_dim::none;
}

/// The violation that binds: a day before a minute, else the first.
const violation* binding(const error_words& e) {
  auto day = std::find_if(e.violations.begin(), e.violations.end(),
                          [](auto& v) { return dim_of(v) == quota_dim::rpd; });
  if (day != e.violations.end())
    return &*day;
  return e.violations.empty() ? nullptr : &e.violations.front();
}

void read_delay(const error_words& e, std::string_view retry_after,
                model_reply& out) {
  auto take = [&](std::optional<seconds_f> d, const char* source) {
    if (d && (!out.delay || *d > *out.delay)) {
      out.delay = std::min(*d, longest);
      out.delay_source = source;
    }
  };
  take(e.retry_info, "retryInfo");
  take(parse_retry_in(e.message), "message");
  take(parse_grpc_delay(e.message), "message");
  take(parse_duration(retry_after), "header");
}

void refused(const error_words& e, std::string_view retry_after,
             model_reply& out) {
  read_delay(e, retry_after, out);
  auto* v = binding(e);
  auto named = v && (!v->id.empty() || !v->metric.empty());
  if (named) {
    out.quota_id = v->id;
    out.dim = dim_of(*v);
    out.value = v->value;
  } else if (has(squeezed(e.message), "perday")) {
    out.dim = quota_dim::rpd;
  }
  if (!out.value && !e.limits.empty())
    out.value = e.limits.front();
  if (is_billing(e, out.http))
    out.kind = reply_kind::billing;
  else if (is_limit_zero(e))
    out.kind = reply_kind::limit0;
  else if (out.dim == quota_dim::rpd || (out.delay && *out.delay >= a_day_from))
    out.kind = reply_kind::day;
  else if (named || out.delay)
    out.kind = reply_kind::minute;
  else
    out.kind = reply_kind::bare;
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
  switch (http) {
  case 401:
  case 403:
    return reply_kind::key;
  case 404:
    return reply_kind::model;
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
    refused(e, retry_after, out);
    return out;
  }
  out.kind = kind_of(http, e);
  if (out.kind == reply_kind::transient)
    read_delay(e, retry_after, out);
  return out;
}

} // namespace vigie
