#include "actors/worker_hub.hpp"

#include "domain/stage_answer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace vigie {

void hub_state::work(const analysis_job& job, caf::actor_addr asker,
                     caf::typed_response_promise<analysis_result> promise) {
  // A request that its asker's end overtook is taken back at once: whoever
  // watches the dead is told again.
  if (asker && watched.insert(asker).second)
    self->monitor(asker);
  entry e;
  e.job = job;
  e.promise = std::move(promise);
  e.asker = std::move(asker);
  e.needs = needs_of(rules.setup, job.what, job.content_type);
  e.since = self->clock().now();
  e.order = ++last_id;
  enqueue(std::move(e));
}

/// The batch was cancelled, or has failed: what runs is called off.
void hub_state::forget(const caf::actor_addr& asker) {
  watched.erase(asker);
  queue.erase_if([&](auto& e) { return e.asker == asker; });
  for (auto i = leases.begin(); i != leases.end();) {
    if (i->second.what.asker == asker) {
      call_off(i->second, i->first);
      i = leases.erase(i);
    } else {
      ++i;
    }
  }
}

/// Anonymously: a peer that knew our handle could end us.
void hub_state::call_off(const lease& l, uint64_t token) {
  if (auto n = nodes.find(l.holder); n != nodes.end())
    caf::anon_send(n->second.link, stop_atom_v, token);
}

void hub_state::tell(const lease& l, job_end how) const {
  rules.meter->worked(l.what.job.what, how, self->clock().now() - l.since);
}

void hub_state::enqueue(entry e) {
  e.queued = self->clock().now();
  auto batch = e.job.batch;
  auto needs = e.needs;
  auto order = e.order;
  queue.push(batch, needs, order, std::move(e));
  match();
}

void hub_state::match() {
  if (draining)
    return;
  for (auto& [boot_id, n] : nodes)
    while (!queue.empty() && !n.waiting.empty() && serve(boot_id, n)) {
      // one job a turn
    }
}

bool hub_state::gets_work(const node& n) const {
  auto now = self->clock().now();
  auto& m = marks.at(n.name);
  return !n.draining && now - n.seen <= rules.stale
         && (!m.benched(now) || m.one_batch());
}

/// False when there is nothing for this node.
bool hub_state::serve(const std::string& boot_id, node& to) {
  auto& m = marks.at(to.name);
  if (!gets_work(to) || (m.in_doubt() && holds(boot_id) > 0))
    return false;
  auto e = queue.take([&](auto& needs) { return to.can(needs); },
                      [&](auto& x) { return suits(to, x); });
  if (!e)
    return false;
  e->job.token = ++last_id;
  if (e->job.id == 0)
    e->job.id = e->job.token;
  auto promise = std::move(to.waiting.front().promise);
  to.waiting.pop_front();
  promise.deliver(e->job);
  auto token = e->job.token;
  auto now = self->clock().now();
  rules.meter->waited(e->job.what, now - e->queued);
  leases.emplace(token, lease{std::move(*e), boot_id, to.name, now, now, now});
  return true;
}

hub_state::lease* hub_state::held_by(const std::string& boot_id,
                                     uint64_t token) {
  auto i = leases.find(token);
  return i == leases.end() || i->second.holder != boot_id ? nullptr
                                                          : &i->second;
}

bool hub_state::result(const std::string& boot_id, uint64_t token,
                       const analysis_result& r) {
  auto* held = held_by(boot_id, token);
  if (held == nullptr)
    return false; // the lease was taken back: somebody else does the job
  if (!acceptable(r)) {
    slot_broke(token, breakage_words("oversize"));
    return true;
  }
  tell(*held, r.ok ? job_end::ok : job_end::failed);
  auto what = std::move(held->what);
  auto owner = std::move(held->owner);
  leases.erase(token);
  answered(owner);
  auto answer = cut_to(what.job, r);
  answer.result.token = token;
  if (!answer.said.empty() && rules.log)
    rules.log({"batch " + what.job.batch.text + ", file "
                   + std::to_string(what.job.file.n) + ": " + answer.said,
               {{"batch", what.job.batch.text},
                {"file", std::to_string(what.job.file.n)},
                {"stage", std::string{to_string(what.job.what)}}}});
  what.promise.deliver(std::move(answer.result));
  return true;
}

void hub_state::lost(const std::string& boot_id) {
  if (auto n = nodes.extract(boot_id))
    for (auto& p :
         n.mapped().waiting) // or they would hold GATE to its deadline
      p.promise.deliver(analysis_job{});
  std::vector<uint64_t> held;
  for (auto& [token, l] : leases)
    if (l.holder == boot_id)
      held.push_back(token);
  for (auto token : held)
    broke(token, breakage_words("lost"));
}

hub_stats hub_state::stats() const {
  hub_stats out{nodes.size(), 0, queue.size(), leases.size(), 0};
  for (auto& [boot_id, n] : nodes) {
    out.slots += n.who.slots;
    out.able += gets_work(n) ? 1 : 0;
  }
  return out;
}

} // namespace vigie
