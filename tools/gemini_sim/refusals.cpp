// The bodies of refusals, as recorded variants A-M have them
// (docs/operations.md).

#include "tools/gemini_sim/quota_model.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace vigie::sim {

namespace {

using nlohmann::json;

std::string nine_digits(double s) {
  char text[40];
  std::snprintf(text, sizeof text, "%.9fs", s);
  return text;
}

/// `10h50m43.651927829s`, as Go prints durations.
std::string go_duration(seconds told) {
  auto s = told.count();
  auto hours = std::floor(s / 3'600);
  auto minutes = std::floor((s - hours * 3'600) / 60);
  std::string out;
  if (hours > 0)
    out += std::to_string(static_cast<int>(hours)) + "h";
  if (hours > 0 || minutes > 0)
    out += std::to_string(static_cast<int>(minutes)) + "m";
  return out + nine_digits(s - hours * 3'600 - minutes * 60);
}

json help() {
  return {{"@type", "type.googleapis.com/google.rpc.Help"},
          {"links",
           {{{"description", "Learn more about Gemini API quotas"},
             {"url", "https://ai.google.dev/gemini-api/docs/rate-limits"}}}}};
}

json error_of(const std::string& message, json details) {
  json e{{"code", 429}, {"message", message}, {"status", "RESOURCE_EXHAUSTED"}};
  if (!details.empty())
    e["details"] = std::move(details);
  return {{"error", std::move(e)}};
}

json failure(const std::string& id, const std::string& metric,
             std::optional<int64_t> value, const std::string& model) {
  json v{{"quotaMetric", "generativelanguage.googleapis.com/" + metric},
         {"quotaId", id},
         {"quotaDimensions", {{"location", "global"}, {"model", model}}}};
  if (value)
    v["quotaValue"] = std::to_string(*value);
  return {{"@type", "type.googleapis.com/google.rpc.QuotaFailure"},
          {"violations", {std::move(v)}}};
}

json retry_info(const std::string& delay) {
  return {{"@type", "type.googleapis.com/google.rpc.RetryInfo"},
          {"retryDelay", delay}};
}

constexpr auto boilerplate =
    "You exceeded your current quota, please check your plan and billing "
    "details. For more information on this error, head to: "
    "https://ai.google.dev/gemini-api/docs/rate-limits. To monitor your "
    "current usage, head to: https://ai.dev/rate-limit. ";

} // namespace

std::string refusal_body(char variant, const std::string& quota_id,
                         const std::string& metric, int64_t value,
                         const std::string& model, seconds told) {
  auto text = std::string{boilerplate}
              + "\n* Quota exceeded for metric: "
                "generativelanguage.googleapis.com/"
              + metric + ", limit: " + std::to_string(value) + ", model: "
              + model + "\nPlease retry in " + go_duration(told) + ".";
  auto floored = std::to_string(static_cast<int64_t>(told.count())) + "s";
  auto failed = failure(quota_id, metric, value, model);
  switch (variant) {
  case 'B':
    return error_of(boilerplate,
                    {help(), failed, retry_info(nine_digits(told.count()))})
        .dump();
  case 'E':
    return json::array({error_of(text, {failed})}).dump();
  case 'F': {
    auto none = std::string{boilerplate} + "\n* Quota exceeded for metric: "
                + metric + ", limit: 0\n* Quota exceeded for metric: " + metric
                + ", limit: 0\nPlease retry in 10.5s.";
    return error_of(none,
                    {help(), failure(quota_id, metric, std::nullopt, model),
                     retry_info("10s")})
        .dump();
  }
  case 'G':
    return error_of("Resource has been exhausted (e.g. check quota).", {})
        .dump();
  case 'H':
    return error_of(boilerplate, {help()}).dump();
  case 'I':
    return error_of("Your billing account has exceeded its monthly spending "
                    "cap. Please go to AI Studio to manage your billing.",
                    {})
        .dump();
  case 'J':
    return json::array(
               {{{"error",
                  {{"code", 429},
                   {"message", "Resource exhausted. Please try again later."},
                   {"errors",
                    {{{"domain", "global"}, {"reason", "rateLimitExceeded"}}}},
                   {"status", "RESOURCE_EXHAUSTED"}}}}})
        .dump();
  case 'K':
    return error_of(error_of(text, {failed, retry_info(floored)}).dump(), {})
        .dump();
  case 'L':
    return "429 " + std::string{boilerplate} + "[violations { quota_metric: \""
           + metric + "\" } , retry_delay {\n  seconds: "
           + std::to_string(static_cast<int64_t>(std::ceil(told.count())))
           + "\n}\n]";
  case 'M':
    return error_of(boilerplate,
                    {failed, retry_info(std::to_string(static_cast<int64_t>(
                                            std::ceil(told.count() * 1'000)))
                                        + "ms")})
        .dump();
  default: // A, C, D differ in id and delay only
    return error_of(text, {help(), failed, retry_info(floored)}).dump();
  }
}

std::string unavailable_body() {
  return json{{"error",
               {{"code", 503},
                {"message", "This model is currently experiencing high demand. "
                            "Spikes in demand are usually temporary. Please "
                            "try again later."},
                {"status", "UNAVAILABLE"}}}}
      .dump();
}

} // namespace vigie::sim
