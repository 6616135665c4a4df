#include "tools/gemini_sim/server.hpp"

#include "tools/gemini_sim/replies.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <thread>

namespace vigie::sim {

namespace {

using nlohmann::json;

constexpr auto label = "gemini-sim (simulator)";

std::string hash_text(const std::string& bytes) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(fnv1a(bytes)));
  return text;
}

/// The image's own bytes, or the whole text of a request without one.
std::string subject_of(const std::string& body) {
  constexpr std::string_view key = "\"data\":\"";
  auto begin = body.find(key);
  if (begin == body.npos)
    return body;
  begin += key.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

} // namespace

simulator::simulator(scenario s, std::FILE* log)
    : s_(std::move(s)), log_(log), engine_(s_.seed),
      begun_(std::chrono::steady_clock::now()) {
  // nop
}

quota_model& simulator::quota_of(const std::string& model) {
  auto q = s_.quota;
  q.time_scale = s_.time_scale;
  q.model = model;
  return quotas_.try_emplace(model, std::move(q)).first->second;
}

double simulator::draw() {
  return std::uniform_real_distribution<double>{0, 1}(engine_);
}

/// `503`, `429:37.2`, `429-day:36`, `bare`, `hang:5`, `ok`, or an oddity.
simulator::outcome simulator::scripted(const std::string& what,
                                       const std::string& model,
                                       const std::string& body) {
  auto colon = what.find(':');
  auto name = what.substr(0, colon);
  auto amount = colon == what.npos ? 0 : std::atof(what.c_str() + colon + 1);
  auto rpm = static_cast<int64_t>(s_.quota.rpm);
  if (name == "ok" || name == "hang")
    return {200, name, good_body(body, model, s_.findings),
            name == "hang" ? amount : 0};
  if (name == "503")
    return {503, name, unavailable_body(), 0};
  if (name == "bare")
    return {429, name, refusal_body('G', "", "", 0, model, {}), 0};
  if (name == "429")
    return {429, name,
            refusal_body(s_.quota.variant,
                         "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
                         "generate_content_free_tier_requests", rpm, model,
                         seconds{amount}),
            0};
  if (name == "429-day")
    return {
        429, name,
        refusal_body(s_.quota.variant,
                     "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
                     "generate_content_free_tier_requests",
                     s_.quota.rpd > 0 ? static_cast<int64_t>(s_.quota.rpd) : 20,
                     model, seconds{amount}),
        0};
  auto odd = odd_reply(name, model);
  return {odd.http, name, odd.body, 0};
}

simulator::outcome simulator::decide(const std::string& model,
                                     const std::string& key,
                                     const std::string& body) {
  auto odd = [&](const char* what) {
    auto o = odd_reply(what, model);
    return outcome{o.http, what, o.body, 0};
  };
  if (key.empty() || key == "bad-key")
    return odd("bad-key");
  if (!s_.models.empty()
      && std::find(s_.models.begin(), s_.models.end(), model)
             == s_.models.end())
    return odd("no-model");
  if (arrivals_ < s_.sequence.size())
    return scripted(s_.sequence[arrivals_++], model, body);
  ++arrivals_;
  seconds now = (std::chrono::steady_clock::now() - begun_) * s_.time_scale;
  auto v =
      quota_of(model).arrive(now, tokens_of(body), [this] { return draw(); });
  outcome out{v.http, v.http == 200 ? "ok" : std::to_string(v.http), v.body, 0};
  if (v.http != 200)
    return out;
  out.latency = s_.latency_min + draw() * (s_.latency_max - s_.latency_min);
  auto u = draw();
  for (auto& [what, p] : {std::pair{"blocked", s_.p_blocked},
                          std::pair{"truncated", s_.p_truncated},
                          std::pair{"empty", s_.p_empty}}) {
    if (u < p) {
      auto o = odd(what);
      o.latency = out.latency;
      return o;
    }
    u -= p;
  }
  out.body = good_body(body, model, s_.findings);
  return out;
}

void simulator::note(const std::string& model, const outcome& o,
                     const std::string& body, const std::string& key) {
  if (!log_)
    return;
  auto t = std::chrono::duration<double>(
               std::chrono::system_clock::now().time_since_epoch())
               .count();
  json line{{"t", t},
            {"model", model},
            {"http", o.http},
            {"outcome", o.what},
            {"hash", hash_text(subject_of(body))},
            {"key", hash_text(key).substr(0, 8)}};
  std::fprintf(log_, "%s\n", line.dump().c_str());
  std::fflush(log_);
}

void simulator::generate(const httplib::Request& q, httplib::Response& res) {
  auto model = std::string{q.matches[1]};
  auto key = q.get_header_value("x-goog-api-key");
  outcome o;
  {
    std::lock_guard guard{lock_};
    o = decide(model, key, q.body);
    note(model, o, q.body, key);
  }
  if (o.latency > 0) {
    std::unique_lock guard{lock_};
    over_.wait_for(guard, seconds{o.latency / s_.time_scale},
                   [this] { return ended_; });
  }
  res.status = o.http;
  res.set_content(o.body, "application/json; charset=UTF-8");
}

void simulator::end() {
  std::lock_guard guard{lock_};
  ended_ = true;
  over_.notify_all();
}

void simulator::serve(httplib::Server& server) {
  server.set_payload_max_length(110u << 20);
  server.set_default_headers({{"Server", label}});
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };
  server.Post("/v1beta/models/([^/:]+):generateContent",
              [this](const auto& q, auto& res) { generate(q, res); });
  server.Get("/", [](const auto&, auto& res) {
    res.set_content("This is gemini-sim, a simulator. Nothing here comes from "
                    "Google.\n",
                    "text/plain; charset=utf-8");
  });
}

} // namespace vigie::sim
