#include "http/health.hpp"

#include "http/answers.hpp"

#include <string>
#include <vector>

namespace vigie {

namespace {

using httplib::Request;
using httplib::Response;

/// Why no batch is admitted, in stable words.
std::string reason_of(const problem& why) {
  switch (why.id) {
  case code::draining:
    return "draining";
  case code::disk_full:
    return "waits-for-room";
  case code::busy:
    return "busy";
  case code::timeout:
    return "no-answer";
  default:
    return "store";
  }
}

void ready(Response& res, batch_service& service) {
  std::vector<std::string> reasons;
  if (auto state = service.ready(); !state)
    reasons.push_back(reason_of(state.why()));
  auto good = reasons.empty();
  // Without a worker batches are admitted and wait: no reason to send them
  // elsewhere. On a disk that is nearly full they would soon be refused.
  for (auto& code : service.waits_for()) {
    good = good && code != "disk-low";
    reasons.push_back(code);
  }
  std::string list; // codes: nothing to escape
  for (auto& reason : reasons)
    list += (list.empty() ? "\"" : ",\"") + reason + '"';
  res.set_header("Cache-Control", "no-store");
  if (!good)
    res.set_header("Retry-After", "5");
  answer_json(res, good ? 200 : 503,
              std::string{R"({"status":")"} + (good ? "ready" : "not-ready")
                  + R"(","reasons":[)" + list + "]}");
}

} // namespace

void add_health(router& r, const http_ports& p) {
  auto fine = [](const Request&, Response& res) {
    answer_json(res, 200, R"({"status":"ok"})");
  };
  r.get("/api/v1/health", fine);
  r.get("/health", fine);
  r.get("/livez", fine);
  r.get("/readyz", [&p](auto&, auto& res) { ready(res, p.service); });
  if (p.metrics)
    r.get("/metrics", [&p](const Request&, Response& res) {
      res.set_header("Cache-Control", "no-store");
      res.set_content(p.metrics->exposition(),
                      "text/plain; version=0.0.4; charset=utf-8");
    });
}

} // namespace vigie
