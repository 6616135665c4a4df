// Names and helps of what actors say: docs/operations.md and the files in
// config/grafana and config/prometheus speak of them.

#include "app/vitals.hpp"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

double count(auto n) { return static_cast<double>(n); }

} // namespace

void add_front(family_list& to, const front_stats& x) {
  to.gauge("vigie_batches_unfinished", "Batches at work.")
      .put(count(x.unfinished));
  to.gauge("vigie_unfinished_evidence_bytes", "Their evidence.")
      .put(count(x.bytes));
  to.gauge("vigie_uploads_in_progress", "Uploads under way.")
      .put(count(x.arriving));
}

void add_hub(family_list& to, const hub_stats& x) {
  to.gauge("vigie_jobs_queued", "Jobs that wait for a slot.")
      .put(count(x.queued));
  to.gauge("vigie_jobs_leased", "Jobs that slots are at.").put(count(x.leased));
  to.gauge("vigie_nodes", "Nodes that have joined, and those that get work.")
      .put(count(x.nodes), {{"state", "joined"}})
      .put(count(x.able), {{"state", "able"}});
  to.gauge("vigie_slots", "Slots of the nodes that have joined.")
      .put(count(x.slots));
}

void add_streams(family_list& to, const stream_stats& x) {
  to.gauge("vigie_sse_clients", "Open event streams.").put(count(x.clients));
  to.gauge("vigie_sse_pending_bytes", "What their sockets have not taken yet.")
      .put(count(x.pending_bytes));
  to.counter("vigie_sse_clients_cut_total", "Readers cut for slowness.")
      .put(count(x.cut));
  to.counter("vigie_sse_events_sent_total",
             "Events handed to sockets, one per reader.")
      .put(count(x.sent));
}

namespace {

constexpr std::array<std::string_view, 5> states{"open", "paused", "probe",
                                                 "day_off", "blocked"};

void add_left(family_list& to, const std::vector<gate_board>& all) {
  to.gauge("vigie_gemini_requests_left",
           "Requests that the quota still allows, where it is known.");
  for (auto& g : all) {
    if (g.rpm)
      to.put(std::max(0.0, *g.rpm - count(g.requests_in_window)),
             {{"model", g.model}, {"window", "minute"}});
    if (g.rpd)
      to.put(std::max(0.0, *g.rpd - count(g.day_requests)),
             {{"model", g.model}, {"window", "day"}});
  }
  to.gauge("vigie_gemini_tokens_left",
           "Input tokens that the minute still allows, where it is known.");
  for (auto& g : all)
    if (g.tpm)
      to.put(std::max(0.0, *g.tpm - g.tokens_in_window), {{"model", g.model}});
}

} // namespace

void add_gates(family_list& to, const std::vector<gate_board>& all,
               utc_time now) {
  to.gauge("vigie_gemini_gate_state", "1 for the state that a gate is in.");
  for (auto& g : all)
    for (auto state : states)
      to.put(g.state == state ? 1 : 0, {{"model", g.model}, {"state", state}});
  to.gauge("vigie_gemini_pause_remaining_seconds",
           "Until a gate sends again; 0: it does.");
  for (auto& g : all) {
    auto left = g.paused_until ? seconds_f{*g.paused_until - now}.count() : 0.0;
    to.put(g.state == "open" ? 0 : std::max(0.0, left), {{"model", g.model}});
  }
  to.gauge("vigie_gemini_requests_waiting", "Requests that wait at a gate.");
  for (auto& g : all)
    to.put(count(g.waiting), {{"model", g.model}});
  to.gauge("vigie_gemini_requests_in_flight", "Requests that are out.");
  for (auto& g : all)
    to.put(count(g.in_flight), {{"model", g.model}});
  add_left(to, all);
}

void add_actors(family_list& to, const std::vector<kind_total>& all) {
  std::array<kind_total, static_cast<std::size_t>(actor_kind::node)> by_kind;
  for (std::size_t i = 0; i < by_kind.size(); ++i) {
    by_kind[i].kind = to_string(static_cast<actor_kind>(i));
    auto some = std::ranges::find(all, by_kind[i].kind, &kind_total::kind);
    if (some != all.end())
      by_kind[i] = *some;
  }
  to.gauge("vigie_actors", "Live actors of the server.");
  for (auto& k : by_kind)
    to.put(count(k.actors), {{"kind", k.kind}});
  to.gauge("vigie_actors_busy", "Of them, in a message now.");
  for (auto& k : by_kind)
    to.put(count(k.busy), {{"kind", k.kind}});
  to.gauge("vigie_actor_mailbox_messages", "Messages that wait for them.");
  for (auto& k : by_kind)
    to.put(count(k.mailbox), {{"kind", k.kind}});
}

void add_door(family_list& to, const door_stats& x) {
  to.counter("vigie_door_connections_total",
             "Connections to the door of the worker network.")
      .put(count(x.accepted));
  to.counter("vigie_door_joined_total", "Of them, got in.")
      .put(count(x.joined));
  to.gauge("vigie_door_peers", "Peers that are in.").put(count(x.joined_now));
  to.counter("vigie_door_bytes_total", "What peers said and were told.")
      .put(count(x.bytes_in), {{"direction", "in"}})
      .put(count(x.bytes_out), {{"direction", "out"}});
  to.counter("vigie_door_refused_total", "Peers not let in, or sent away.");
  for (std::size_t i = 0; i < refusal_kinds; ++i)
    to.put(count(x.refused[i]), {{"reason", refusal_codes[i]}});
}

} // namespace vigie
