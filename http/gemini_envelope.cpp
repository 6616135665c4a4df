// Over budget: every wrapping of an error, read in one place.
#include "http/gemini_envelope.hpp"

#include "domain/cut.hpp"
#include "http/flat_json.hpp"
#include "http/quota_number.hpp"
#include "http/retry_delay.hpp"

#include <algorithm>
#include <limits>

namespace vigie {

namespace {

using nlohmann::json;

constexpr std::size_t most_bytes = 8u << 20;
constexpr int deepest = 64;
constexpr std::size_t longest_message = 16'384;

json parse(std::string_view text) {
  return flat_json(text, most_bytes, deepest);
}

const json* at(const json& j, const char* key) {
  if (!j.is_object())
    return nullptr;
  auto i = j.find(key);
  return i == j.end() ? nullptr : &*i;
}

std::string text_at(const json& j, const char* key) {
  auto* x = at(j, key);
  return x && x->is_string() ? x->get<std::string>() : std::string{};
}

int64_t count_at(const json& j, const char* key) {
  auto* x = at(j, key);
  return x ? quota_number(*x).value_or(0) : 0;
}

/// A field that may be missing but, when there, must be below `limit`.
bool count_fits(const json* x, double limit, double& to) {
  if (!x)
    return true;
  auto n = quota_number(*x);
  if (!n || static_cast<double>(*n) >= limit)
    return false;
  to = static_cast<double>(*n);
  return true;
}

std::optional<seconds_f> duration_of(const json& x) {
  if (x.is_string())
    return parse_duration(x.get_ref<const std::string&>());
  if (x.is_number())
    return sane_delay(x.get<double>());
  auto* seconds = at(x, "seconds");
  auto* nanos = at(x, "nanos");
  constexpr auto any = std::numeric_limits<double>::infinity();
  double s = 0, n = 0;
  if ((!seconds && !nanos) || !count_fits(seconds, any, s)
      || !count_fits(nanos, 1e9, n))
    return std::nullopt;
  return sane_delay(s + n * 1e-9);
}

void take_longer(std::optional<seconds_f>& to, std::optional<seconds_f> x) {
  if (x && (!to || *x > *to))
    to = x;
}

void read_detail(const json& d, error_words& out) {
  if (auto* delay = at(d, "retryDelay"))
    take_longer(out.retry_info, duration_of(*delay));
  if (auto* delay = at(d, "retry_delay"))
    take_longer(out.retry_info, duration_of(*delay));
  if (auto reason = text_at(d, "reason"); !reason.empty())
    out.reason = reason;
  if (auto* meta = at(d, "metadata"))
    if (auto* delay = at(*meta, "quotaResetDelay"))
      take_longer(out.retry_info, duration_of(*delay));
  auto* all = at(d, "violations");
  if (!all || !all->is_array())
    return;
  for (auto& v : *all) {
    violation one{text_at(v, "quotaId"), text_at(v, "quotaMetric"), {}};
    if (auto* value = at(v, "quotaValue"))
      one.value = quota_number(*value);
    out.violations.push_back(std::move(one));
  }
}

error_words read(std::string_view body, int inner);

/// What the words of one level say: limits, and for how long to wait.
void read_message(error_words& out) {
  for (auto& l : limits_in(out.message)) {
    out.limits.push_back(l.value);
    if (!l.metric.empty())
      out.said.push_back({"", std::string{l.metric}, l.value});
  }
  take_longer(out.said_delay, parse_retry_in(out.message));
  take_longer(out.said_delay, parse_grpc_delay(out.message));
}

/// Some libraries put the whole JSON into the message once more. Its own words
/// win; what only the outer error tells stays.
void look_inside(error_words& out, int inner) {
  auto first = out.message.find('{');
  auto last = out.message.rfind('}');
  if (inner >= 3 || first == out.message.npos || last == out.message.npos
      || last < first)
    return;
  auto again = read(
      std::string_view{out.message}.substr(first, last - first + 1), inner + 1);
  if (!again.is_error)
    return;
  take_longer(again.retry_info, out.retry_info);
  take_longer(again.said_delay, out.said_delay);
  for (auto& v : out.violations)
    again.violations.push_back(std::move(v));
  if (again.code == 0)
    again.code = out.code;
  if (again.status.empty())
    again.status = std::move(out.status);
  if (again.reason.empty())
    again.reason = std::move(out.reason);
  if (again.limits.empty()) {
    again.limits = std::move(out.limits);
    again.said = std::move(out.said);
  }
  out = std::move(again);
}

void read_object(const json& e, error_words& out, int inner) {
  out.is_error = true;
  if (auto* code = at(e, "code"))
    if (auto n = quota_number(*code); n && *n >= 100 && *n < 600)
      out.code = static_cast<int>(*n);
  out.status = text_at(e, "status");
  out.message = text_at(e, "message").substr(0, longest_message);
  if (auto* details = at(e, "details"); details && details->is_array())
    for (auto& d : *details)
      read_detail(d, out);
  else if (details)
    read_detail(*details, out);
  if (auto* errors = at(e, "errors"); errors && errors->is_array())
    for (auto& d : *errors)
      if (out.reason.empty())
        out.reason = text_at(d, "reason");
  read_message(out);
  look_inside(out, inner);
}

error_words read(std::string_view body, int inner) {
  error_words out;
  auto j = parse(body);
  auto* top = &j;
  for (int i = 0; i < 3 && top->is_array() && !top->empty(); ++i)
    top = &(*top)[0];
  if (j.is_discarded()) {
    out.message = body.substr(0, longest_message);
    read_message(out);
    look_inside(out, inner);
  } else if (auto* e = at(*top, "error"); e && e->is_object()) {
    read_object(*e, out, inner);
  } else if (e && e->is_string()) {
    out.is_error = true;
    out.message = e->get<std::string>().substr(0, longest_message);
    read_message(out);
  } else if (top->is_object() && at(*top, "code") && at(*top, "message")) {
    read_object(*top, out, inner);
  } else if (inner == 0) {
    out.message = body.substr(0, longest_message);
    read_message(out);
  }
  return out;
}

void read_candidate(const json& c, answer_words& out) {
  out.finish = text_at(c, "finishReason");
  auto* content = at(c, "content");
  auto* parts = content ? at(*content, "parts") : nullptr;
  if (!parts || !parts->is_array())
    return;
  for (auto& p : *parts) {
    auto* thought = at(p, "thought");
    if (thought && thought->is_boolean() && thought->get<bool>())
      continue;
    out.text += text_at(p, "text");
  }
}

} // namespace

error_words read_error(std::string_view body) { return read(body, 0); }

answer_words read_answer(std::string_view body) {
  answer_words out;
  auto j = parse(body);
  auto* top = &j;
  if (j.is_array() && !j.empty())
    top = &j[0];
  if (auto* all = at(*top, "candidates");
      all && all->is_array() && !all->empty())
    read_candidate((*all)[0], out);
  if (auto* feedback = at(*top, "promptFeedback"))
    out.block_reason = text_at(*feedback, "blockReason");
  out.model_version = text_at(*top, "modelVersion");
  out.response_id = text_at(*top, "responseId");
  if (auto* status = at(*top, "modelStatus"))
    out.notice = cut(text_at(*status, "message"), 300);
  if (auto* usage = at(*top, "usageMetadata")) {
    out.prompt_tokens = count_at(*usage, "promptTokenCount");
    out.output_tokens = count_at(*usage, "candidatesTokenCount");
    out.thought_tokens = count_at(*usage, "thoughtsTokenCount");
  }
  return out;
}

bool is_json(std::string_view text) { return !parse(text).is_discarded(); }

} // namespace vigie
