#include "http/gemini_routes.hpp"

#include "http/access.hpp"
#include "http/answers.hpp"
#include "http/json_codec.hpp"
#include "http/json_parts.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

namespace {

using httplib::Request;
using httplib::Response;

constexpr std::size_t most_body = 4'096;
constexpr std::size_t longest_name = 200;

/// `{"requested_by": "..."}`, or nothing at all.
outcome<std::string> asked_by(const std::string& body) {
  auto who = std::string{"api:manual"};
  if (body.empty())
    return who;
  if (body.size() > most_body)
    return problem{code::body_too_large, "The body is limited to 4096 bytes"};
  auto j = wire::json::parse(body, nullptr, false);
  if (!j.is_object())
    return problem{code::bad_request, "The body is not a JSON object"};
  auto field = j.find("requested_by");
  if (field == j.end() || field->is_null())
    return who;
  if (!field->is_string())
    return problem{code::bad_request, "requested_by: not a string"};
  who = field->get<std::string>();
  auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (who.empty() || who.size() > longest_name
      || std::any_of(who.begin(), who.end(), control))
    return problem{code::bad_request, "requested_by: 1 to 200 bytes without "
                                      "control characters"};
  return who;
}

void post_analysis(const Request& q, Response& res, const http_ports& p) {
  auto id = batch_id{q.matches[1]};
  auto known = p.reader.version(id);
  if (!known)
    return answer(q, res, known.why());
  auto who = asked_by(q.body);
  if (!who)
    return answer(q, res, who.why());
  auto record = p.service.rerun(id, who.value());
  if (!record)
    return answer(q, res, record.why());
  res.set_header("Location",
                 "/api/v1/ingestion/batches/" + id.text + "/analysis");
  answer_json(res, 202, record_body(record.value()));
}

/// Who may see only his own is told of nobody else's batches that wait.
outcome<done> hide_others(std::vector<gate_board>& board, access_book& book) {
  auto only = access_guard::now().only_of();
  if (!only)
    return done{};
  for (auto& gate : board) {
    auto kept = std::exchange(gate.waiters, {});
    for (auto& w : kept) {
      auto owner = book.owner_of(w.batch);
      if (!owner)
        return owner.why();
      if (owner.value() == only)
        gate.waiters.push_back(std::move(w));
    }
  }
  return done{};
}

void get_quota(const Request& q, Response& res, const http_ports& p) {
  auto board = p.quota.board();
  if (!board)
    return answer(q, res, board.why());
  if (auto hidden = hide_others(board.value(), p.access); !hidden)
    return answer(q, res, hidden.why());
  res.set_header("Cache-Control", "no-store");
  answer_json(res, 200, quota_body(board.value()));
}

} // namespace

void add_gemini_routes(router& r, const http_ports& p) {
  r.post("/api/v1/ingestion/batches/([^/]+)/analysis",
         [&p](const Request& q, Response& res) { post_analysis(q, res, p); });
  r.get("/api/v1/gemini/quota",
        [&p](const Request& q, Response& res) { get_quota(q, res, p); });
}

} // namespace vigie
