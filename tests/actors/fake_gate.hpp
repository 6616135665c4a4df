#pragma once

#include "actors/protocol.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace vigie {

/// What a gate was told, and what it is to say.
struct fake_server {
  using job_promise = caf::typed_response_promise<analysis_job>;
  using yes_promise = caf::typed_response_promise<bool>;

  std::vector<std::string> heard; ///< `join`, `result 7`, `broken 7 crash`.
  std::vector<std::vector<uint64_t>> beats;
  std::deque<job_promise> pulls;
  std::vector<yes_promise> reports; ///< Unanswered: while `slow`.
  std::vector<uint64_t> stale;
  std::string refusal; ///< To who joins.
  bool slow = false, ill = false;
};

inline gate_actor::behavior_type fake_gate(gate_actor::pointer me,
                                           std::shared_ptr<fake_server> s) {
  auto note = [me, s](const std::string& what) -> caf::result<bool> {
    s->heard.push_back(what);
    if (s->ill)
      return caf::make_error(caf::sec::runtime_error, "ill");
    if (!s->slow)
      return true;
    s->reports.push_back(me->make_response_promise<bool>());
    return s->reports.back();
  };
  auto n = [](uint64_t token) { return std::to_string(token); };
  return {
      [s](join_atom, const hello&) {
        s->heard.push_back("join");
        return s->refusal.empty()
                   ? caf::result<welcome>{welcome{"here", {}}}
                   : caf::make_error(caf::sec::runtime_error, s->refusal);
      },
      [me, s](pull_atom, const std::string&) {
        s->heard.push_back("pull");
        return s->pulls.emplace_back(me->make_response_promise<analysis_job>());
      },
      [s](beat_atom, const std::string&,
          const lease_list& held) -> caf::result<lease_list> {
        s->beats.push_back(held.tokens);
        if (s->ill)
          return caf::make_error(caf::sec::runtime_error, "ill");
        return lease_list{s->stale, {}};
      },
      [=](result_atom, const std::string&, uint64_t t, const analysis_result&) {
        return note("result " + n(t));
      },
      [=](broken_atom, const std::string&, uint64_t t, const std::string& why) {
        return note("broken " + n(t) + " " + why);
      },
      [=](undone_atom, const std::string&, uint64_t t) {
        return note("undone " + n(t));
      },
      [](fetch_atom, const std::string&, uint64_t, uint64_t) {
        return file_chunk{};
      },
      [s](report_atom, const std::string&, uint64_t look, const actor_sheet&) {
        s->heard.push_back("actors " + std::to_string(look));
        return true;
      },
      [=](lost_atom, const std::string&) { return note("left"); },
      [](admin_atom, const admin_ask&) { return admin_answer{}; },
  };
}

} // namespace vigie
