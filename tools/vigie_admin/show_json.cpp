// What vigie-admin says to programs.

#include "tools/vigie_admin/show.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace vigie {

namespace {

using nlohmann::json;

double seconds_of(std::chrono::milliseconds t) {
  return std::chrono::duration<double>(t).count();
}

template <class T>
json maybe(const std::optional<T>& x, auto how) {
  return x ? json(how(*x)) : json(nullptr);
}

json maybe(const std::optional<double>& x) { return x ? json(*x) : json(); }

json nodes_json(const admin_answer& told) {
  json out{{"nodes", json::array()},
           {"queued", told.queued},
           {"leased", told.leased}};
  for (auto& n : told.nodes)
    out["nodes"].push_back({{"name", n.name},
                            {"boot_id", n.boot_id},
                            {"version", n.version},
                            {"slots", n.slots},
                            {"working", n.working},
                            {"waiting", n.waiting},
                            {"abilities", n.abilities},
                            {"silent_seconds", seconds_of(n.silent)},
                            {"draining", n.draining},
                            {"benched_seconds", seconds_of(n.benched)},
                            {"on_trial", n.on_trial}});
  return out;
}

json quarantine_json(const admin_answer& told) {
  json out{{"files", json::array()}, {"more", told.more}};
  for (auto& f : told.quarantined)
    out["files"].push_back({{"batch_id", f.batch.text},
                            {"file_id", f.file.n},
                            {"filename", f.filename},
                            {"since", rfc3339(f.since)},
                            {"stage", to_string(f.what)},
                            {"reason", f.reason}});
  return out;
}

json actors_json(const actor_sheet& sheet) {
  json out{{"total", sheet.total},
           {"kinds", json::array()},
           {"actors", json::array()}};
  for (auto& k : sheet.kinds)
    out["kinds"].push_back({{"kind", k.kind},
                            {"actors", k.actors},
                            {"busy", k.busy},
                            {"mailbox", k.mailbox}});
  for (auto& a : sheet.rows)
    out["actors"].push_back(
        {{"kind", a.kind},
         {"node", a.node},
         {"batch_id", a.batch.empty() ? json() : json(a.batch)},
         {"number", a.number},
         {"id", a.id},
         {"mailbox", a.mailbox},
         {"busy", a.busy},
         {"message", a.message.empty() ? json() : json(a.message)},
         {"seconds", seconds_of(a.since)},
         {"handled", a.handled},
         {"per_second", a.per_second},
         {"restarts", a.restarts},
         {"no_answer_seconds", maybe(a.silent, seconds_of)}});
  return out;
}

json batches_json(const admin_answer& told) {
  json out{{"batches", json::array()}, {"more", told.more}};
  for (auto& b : told.batches)
    out["batches"].push_back(
        {{"batch_id", b.id},
         {"status", b.status},
         {"stored_at", rfc3339(b.stored_at)},
         {"files", b.files},
         {"progress", b.progress},
         {"score", maybe(b.score)},
         {"gemini_status", b.gemini.empty() ? json() : json(b.gemini)},
         {"last_error", b.error.empty() ? json() : json(b.error)}});
  return out;
}

json gates_json(const std::vector<gate_row>& gates) {
  auto out = json::array();
  for (auto& g : gates)
    out.push_back({{"model", g.model},
                   {"state", g.state},
                   {"reason", g.reason.empty() ? json() : json(g.reason)},
                   {"opens_in_seconds", maybe(g.opens_in, seconds_of)},
                   {"opens_at", maybe(g.opens_at, rfc3339)},
                   {"waiting", g.waiting},
                   {"in_flight", g.in_flight},
                   {"requests_in_window", g.requests_in_window},
                   {"tokens_in_window", g.tokens_in_window},
                   {"rpm", maybe(g.rpm)},
                   {"tpm", maybe(g.tpm)},
                   {"rpd", maybe(g.rpd)},
                   {"day_requests", g.day_requests},
                   {"day_resets_at", maybe(g.day_resets_at, rfc3339)}});
  return out;
}

json verify_json(const verify_page& v) {
  json out{{"files", v.files},
           {"reports", v.reports},
           {"bytes", v.bytes},
           {"faults", json::array()}};
  for (auto& f : v.faults)
    out["faults"].push_back({{"batch_id", f.batch},
                             {"what", f.what},
                             {"name", f.name},
                             {"fault", f.fault}});
  return out;
}

json everything(const admin_answer& told) {
  auto out = actors_json(told.actors);
  out.update(nodes_json(told));
  out["gates"] = gates_json(told.gates);
  out["stages"] = json::array();
  for (auto& s : told.stages)
    out["stages"].push_back(
        {{"stage", s.stage}, {"waiting", s.waiting}, {"working", s.working}});
  out["streams"] = json();
  if (auto& s = told.streams)
    out["streams"] = {{"clients", s->clients},
                      {"pending_bytes", s->pending_bytes},
                      {"cut", s->cut}};
  return out;
}

json answer_of(const std::vector<std::string>& words,
               const admin_answer& told) {
  auto& first = words.at(0);
  if (first == "top")
    return everything(told);
  if (first == "actors")
    return actors_json(told.actors);
  if (first == "batches")
    return batches_json(told);
  if (first == "nodes")
    return nodes_json(told);
  if (first == "gemini")
    return {{"gates", gates_json(told.gates)}};
  if (first == "verify")
    return verify_json(told.verified);
  if (first == "drain")
    return {{"node", words.at(1)}, {"told", told.told}};
  if (first == "cancel")
    return {{"batch_id", words.at(1)}, {"status", "cancelled"}};
  if (first == "retry")
    return {{"batch_id", words.at(1)}, {"status", "processing"}};
  if (words.at(1) == "list")
    return quarantine_json(told);
  return {{"batch_id", words.at(2)},
          {words[1] == "purge" ? "purged" : "released", words.at(3)}};
}

} // namespace

std::string as_json(const std::vector<std::string>& words,
                    const admin_answer& told) {
  return answer_of(words, told)
             .dump(2, ' ', false, json::error_handler_t::replace)
         + "\n";
}

} // namespace vigie
