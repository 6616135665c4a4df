// WORKER_HUB: who is there, who beats, who waits for whom.
// Over budget: beats, ticks and what is told of both.

#include "actors/worker_hub.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace vigie {

void hub_state::join(const hello& who, const std::string& owner,
                     caf::actor link) {
  lost(who.boot_id); // it starts afresh: what it held is done again
  auto& n = nodes[who.boot_id];
  n.who = who;
  n.name = owner;
  n.link = std::move(link);
  n.seen = self->clock().now();
  marks.try_emplace(owner, rules.bench); // the older ones stand
}

void hub_state::pulled(const std::string& boot_id,
                       caf::typed_response_promise<analysis_job> promise) {
  auto n = nodes.find(boot_id);
  if (n == nodes.end()) {
    promise.deliver(caf::make_error(caf::sec::invalid_argument, "join first"));
    return;
  }
  n->second.seen = self->clock().now();
  if (n->second.waiting.size() >= n->second.who.slots) {
    promise.deliver(
        caf::make_error(caf::sec::invalid_argument, "more pulls than slots"));
    return;
  }
  n->second.waiting.push_back({promise, n->second.seen + rules.longest_pull});
  match();
}

/// A node that is heard again may have work; what it holds is renewed.
lease_list hub_state::beat(const std::string& boot_id, const lease_list& held) {
  auto now = self->clock().now();
  lease_list stale;
  auto n = nodes.find(boot_id);
  if (n == nodes.end()) {
    stale = held;
    return stale;
  }
  n->second.seen = now;
  for (auto token : held.tokens) {
    if (auto* l = held_by(boot_id, token)) {
      l->renewed = now;
      begin(*l, now);
    } else {
      stale.tokens.push_back(token);
    }
  }
  for (auto token : held.coming) {
    if (auto* l = held_by(boot_id, token))
      l->renewed = now;
    else
      stale.tokens.push_back(token);
  }
  match();
  return stale;
}

/// The limit of a job counts from here: a file may come by a slow line.
void hub_state::begin(lease& l, instant now) {
  if (!std::exchange(l.begun, true))
    l.moved = now;
}

uint64_t hub_state::drain_node(const std::string& owner) {
  uint64_t told = 0;
  for (auto& [boot_id, n] : nodes)
    if (n.name == owner) {
      n.draining = true;
      caf::anon_send(n.link, drain_atom_v);
      ++told;
    }
  return told;
}

void hub_state::tick() {
  auto now = self->clock().now();
  std::vector<uint64_t> silent, late, stuck;
  for (auto& [token, l] : leases) {
    if (now - l.renewed > rules.silence)
      silent.push_back(token);
    else if (l.begun && now - l.moved > rules.job_limit)
      late.push_back(token);
    else if (!l.begun && now - l.moved > rules.stuck)
      stuck.push_back(token);
  }
  for (auto token : stuck) {
    auto holder = leases.at(token).holder;
    call_off(leases.at(token), token);
    undone(holder, token);
  }
  for (auto token : silent) {
    call_off(leases.at(token), token);
    broke(token, breakage_words("silent"));
  }
  for (auto token : late) {
    call_off(leases.at(token), token);
    slot_broke(token, breakage_words("time"));
  }
  tick_nodes(now);
  match(); // for whom a pause is over
  tell_who_waits(now);
}

void hub_state::tick_nodes(instant now) {
  for (auto i = nodes.begin(); i != nodes.end();) {
    auto& waiting = i->second.waiting;
    while (!waiting.empty() && now >= waiting.front().until) {
      waiting.front().promise.deliver(analysis_job{});
      waiting.pop_front();
    }
    auto at = i++;
    if (now - at->second.seen > 3 * rules.silence)
      lost(std::string{at->first});
  }
  std::erase_if(marks, [&](auto& m) {
    return m.second.over(now)
           && std::none_of(nodes.begin(), nodes.end(),
                           [&](auto& n) { return n.second.name == m.first; });
  });
}

bool hub_state::would_do(const node& n, const entry& e, instant now) const {
  auto t = e.tried.find(n.name);
  return !n.draining && n.takes(e)
         && !marks.at(n.name).refuses(e.job.batch.text, now)
         && (t == e.tried.end() || now >= t->second.until);
}

/// What no node that is here has; empty: none is here that gets work.
std::string hub_state::lacking(const entry& e) const {
  auto some = [&](auto what) {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](auto& n) { return what(n.second); });
  };
  if (some([&](auto& n) { return !n.draining && n.takes(e); }))
    return some([&](auto& n) { return e.tried.count(n.name) > 0; })
               ? "another-node"
               : "";
  std::string out;
  if (nodes.empty())
    return out;
  for (auto& need : e.needs)
    out += (out.empty() ? "" : " ") + need;
  if (!some([&](auto& n) { return n.fits(e); }))
    out += (out.empty() ? "" : " ")
           + ("file-mb:" + std::to_string((e.job.bytes + 0xF'FFFF) >> 20));
  return out;
}

/// Work that no node of those that are here does waits, and says so once.
void hub_state::tell_who_waits(instant now) {
  queue.visit([&](auto&, entry& e) {
    if (e.told || draining || now - e.since < rules.patience)
      return;
    if (std::any_of(nodes.begin(), nodes.end(),
                    [&](auto& n) { return would_do(n.second, e, now); }))
      return;
    e.told = true;
    if (auto asker = caf::actor_cast<caf::actor>(e.asker))
      caf::anon_send(asker, waits_atom_v, lacking(e));
  });
}

std::vector<stage_queue> hub_state::queues() const {
  std::vector<stage_queue> out;
  for (auto what : {stage::metadata, stage::vision, stage::text})
    out.push_back({std::string{to_string(what)}, 0, 0});
  // Files are for these three alone; what else may be asked counts as text.
  auto of = [&](stage what) -> stage_queue& {
    return out.at(std::min<std::size_t>(static_cast<std::size_t>(what), 2));
  };
  queue.each([&](auto& e) { ++of(e.job.what).waiting; });
  for (auto& [token, l] : leases)
    ++of(l.what.job.what).working;
  return out;
}

std::vector<node_view> hub_state::view() const {
  auto now = self->clock().now();
  std::vector<node_view> out;
  for (auto& [boot_id, n] : nodes) {
    node_view v;
    v.name = n.name;
    v.boot_id = boot_id;
    v.version = n.who.version;
    v.slots = n.who.slots;
    v.waiting = n.waiting.size();
    v.abilities = n.who.abilities;
    v.draining = n.draining;
    v.silent =
        std::chrono::duration_cast<std::chrono::milliseconds>(now - n.seen);
    v.working = holds(boot_id);
    v.benched = marks.at(n.name).left(now);
    v.on_trial = marks.at(n.name).on_trial(now);
    out.push_back(std::move(v));
  }
  return out;
}

} // namespace vigie
