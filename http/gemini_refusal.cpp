#include "http/gemini_refusal.hpp"

#include "http/retry_delay.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace vigie {

namespace {

constexpr seconds_f a_day_from{600};

bool has(std::string_view text, std::string_view what) {
  return text.find(what) != text.npos;
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

/// Which quota of ours `v` speaks of; none: of a second, an hour, of what is
/// open at the same time. Its value is then no limit per minute.
quota_dim dim_of(const violation& v) {
  constexpr std::array others{"persecond", "perhour", "perweek", "permonth",
                              "concurrent"};
  auto words = squeezed(v.id) + " " + squeezed(v.metric);
  if (has(words, "perday"))
    return quota_dim::rpd;
  if (std::any_of(others.begin(), others.end(),
                  [&](auto x) { return has(words, x); }))
    return quota_dim::none;
  if (has(words, "token"))
    return quota_dim::tpm;
  return words.size() > 1 ? quota_dim::rpm : quota_dim::none;
}

bool named(const violation& v) { return !v.id.empty() || !v.metric.empty(); }

/// The violation that binds: a day, then a minute, then any.
const violation* binding(const std::vector<violation>& all) {
  auto day = std::find_if(all.begin(), all.end(),
                          [](auto& v) { return dim_of(v) == quota_dim::rpd; });
  if (day != all.end())
    return &*day;
  auto minute = std::find_if(all.begin(), all.end(), [](auto& v) {
    return dim_of(v) != quota_dim::none;
  });
  if (minute != all.end())
    return &*minute;
  auto any = std::find_if(all.begin(), all.end(), named);
  return any == all.end() ? nullptr : &*any;
}

/// Tokens of a day are no number of requests.
bool counts(const violation& v, quota_dim dim) {
  return dim == quota_dim::rpm || dim == quota_dim::tpm
         || (dim == quota_dim::rpd && !has(squeezed(v.id + v.metric), "token"));
}

void read_quota(const error_words& e, model_reply& out) {
  auto* v = binding(e.violations);
  auto* said = binding(e.said);
  if (!v)
    v = said;
  if (!v) {
    if (has(squeezed(e.message), "perday"))
      out.dim = quota_dim::rpd;
    return;
  }
  out.quota_id = v->id;
  out.dim = dim_of(*v);
  if (!counts(*v, out.dim))
    return;
  out.value = v->value;
  if (!out.value && said)
    out.value = said->value;
}

} // namespace

std::string squeezed(std::string_view text) {
  std::string out;
  for (auto c : text)
    if (c != '_' && c != '-' && c != ' ')
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

void read_delay(const error_words& e, std::string_view retry_after,
                model_reply& out) {
  auto take = [&](std::optional<seconds_f> d, const char* source) {
    if (d && (!out.delay || *d > *out.delay)) {
      out.delay = std::min(*d, longest_delay);
      out.delay_source = source;
    }
  };
  take(e.retry_info, "retryInfo");
  take(e.said_delay, "message");
  take(parse_duration(retry_after), "header");
}

void read_refusal(const error_words& e, std::string_view retry_after,
                  model_reply& out) {
  read_delay(e, retry_after, out);
  read_quota(e, out);
  auto* v = binding(e.violations.empty() ? e.said : e.violations);
  if (is_billing(e, out.http))
    out.kind = reply_kind::billing;
  else if (is_limit_zero(e))
    out.kind = reply_kind::limit0;
  else if (out.dim == quota_dim::rpd || (out.delay && *out.delay >= a_day_from))
    out.kind = reply_kind::day;
  else if (v || out.delay)
    out.kind = reply_kind::minute;
  else
    out.kind = reply_kind::bare;
}

} // namespace vigie
