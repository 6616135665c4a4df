// Over budget: every wrapping of an error, read in one place.
#include "http/gemini_envelope.hpp"

#include "http/retry_delay.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace vigie {

namespace {

using nlohmann::json;

constexpr std::size_t most_bytes = 8u << 20;
constexpr int deepest = 64;
constexpr std::size_t longest_message = 16'384;

/// nlohmann's parser recurses when it destroys: keep strange bodies flat.
json parse(std::string_view text) {
  if (text.size() > most_bytes)
    return json(json::value_t::discarded);
  try {
    auto too_deep = false;
    auto guard = [&](int depth, json::parse_event_t, json&) {
      too_deep = too_deep || depth > deepest;
      return !too_deep;
    };
    auto out = json::parse(text, guard, false);
    return too_deep ? json(json::value_t::discarded) : out;
  } catch (const std::exception&) {
    return json(json::value_t::discarded);
  }
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

std::optional<int64_t> whole(const json& x) {
  if (x.is_number_integer())
    return x.get<int64_t>();
  if (x.is_string()) {
    auto& s = x.get_ref<const std::string&>();
    int64_t n = 0;
    auto [end, bad] = std::from_chars(s.data(), s.data() + s.size(), n);
    if (bad == std::errc{} && end == s.data() + s.size())
      return n;
  }
  return std::nullopt;
}

int64_t count_at(const json& j, const char* key) {
  auto* x = at(j, key);
  return x ? whole(*x).value_or(0) : 0;
}

std::optional<seconds_f> duration_of(const json& x) {
  if (x.is_string())
    return parse_duration(x.get_ref<const std::string&>());
  if (x.is_number()) {
    auto s = x.get<double>();
    return s >= 0 && s < 1e9 ? std::optional{seconds_f{s}} : std::nullopt;
  }
  if (!x.is_object())
    return std::nullopt;
  auto* seconds = at(x, "seconds");
  auto* nanos = at(x, "nanos");
  auto s = seconds ? whole(*seconds) : std::nullopt;
  auto n = nanos ? whole(*nanos) : std::nullopt;
  if ((!s && !n) || s.value_or(0) < 0 || n.value_or(0) < 0
      || s.value_or(0) > 1'000'000'000)
    return std::nullopt;
  return seconds_f{static_cast<double>(s.value_or(0))
                   + static_cast<double>(n.value_or(0)) * 1e-9};
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
      one.value = whole(*value);
    out.violations.push_back(std::move(one));
  }
}

/// Every `limit: N` of a message.
std::vector<int64_t> limits_in(std::string_view text) {
  constexpr std::string_view word = "limit: ";
  std::vector<int64_t> out;
  for (auto i = text.find(word); i != text.npos; i = text.find(word, i + 1)) {
    int64_t n = 0;
    auto begin = text.data() + i + word.size();
    auto [end, bad] = std::from_chars(begin, text.data() + text.size(), n);
    if (bad == std::errc{} && end != begin && n >= 0)
      out.push_back(n);
  }
  return out;
}

error_words read(std::string_view body, int inner);

/// Some libraries put the whole JSON into the message once more.
void look_inside(error_words& out, int inner) {
  auto nested = out.message.find('{');
  if (inner >= 3 || nested == out.message.npos)
    return;
  auto again = read(std::string_view{out.message}.substr(nested), inner + 1);
  if (!again.is_error)
    return;
  if (again.code == 0)
    again.code = out.code;
  out = std::move(again);
}

void read_object(const json& e, error_words& out, int inner) {
  out.is_error = true;
  if (auto* code = at(e, "code"))
    if (auto n = whole(*code); n && *n > 0 && *n < 1'000)
      out.code = static_cast<int>(*n);
  out.status = text_at(e, "status");
  out.message = text_at(e, "message").substr(0, longest_message);
  if (auto* details = at(e, "details"); details && details->is_array())
    for (auto& d : *details)
      read_detail(d, out);
  if (auto* errors = at(e, "errors"); errors && errors->is_array())
    for (auto& d : *errors)
      if (out.reason.empty())
        out.reason = text_at(d, "reason");
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
    look_inside(out, inner);
  } else if (auto* e = at(*top, "error"); e && e->is_object()) {
    read_object(*e, out, inner);
  } else if (e && e->is_string()) {
    out.is_error = true;
    out.message = e->get<std::string>().substr(0, longest_message);
  } else if (top->is_object() && at(*top, "code") && at(*top, "message")) {
    read_object(*top, out, inner);
  } else if (inner == 0) {
    out.message = body.substr(0, longest_message);
  }
  if (out.limits.empty())
    out.limits = limits_in(out.message);
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
    out.notice = text_at(*status, "message").substr(0, 300);
  if (auto* usage = at(*top, "usageMetadata")) {
    out.prompt_tokens = count_at(*usage, "promptTokenCount");
    out.output_tokens = count_at(*usage, "candidatesTokenCount");
    out.thought_tokens = count_at(*usage, "thoughtsTokenCount");
  }
  return out;
}

bool is_json(std::string_view text) { return !parse(text).is_discarded(); }

} // namespace vigie
