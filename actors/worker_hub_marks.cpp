// WORKER_HUB: leases that break. What does it say of the file, what of the
// node, and who gets the file next?

#include "actors/worker_hub.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

analysis_result given_up(const std::vector<std::string>& reasons,
                         uint64_t token) {
  analysis_result r;
  r.token = token;
  r.ok = false;
  r.error_code = broken_code;
  r.error_message = "L'analyse de ce fichier s'est interrompue trop souvent";
  auto join = " : ";
  for (auto& why : reasons) {
    r.error_message += join + why;
    join = ", ";
  }
  r.error_message += ".";
  return r;
}

/// What broke on a node that is sick says nothing of the file, once: on a node
/// that is alone it would never end.
void forgive(hub_state::entry& e, const std::string& sick) {
  auto here = e.tried.find(sick);
  auto only = here != e.tried.end() && here->second.broke > 0
              && std::none_of(e.tried.begin(), e.tried.end(), [&](auto& t) {
                   return t.first != sick && t.second.broke > 0;
                 });
  if (!only || std::exchange(e.forgiven, true))
    return;
  e.lost -= e.broken;
  e.broken = 0;
  e.reasons.clear();
}

} // namespace

/// The line to the node, or its silence: nobody's fault yet.
void hub_state::broke(uint64_t token, const std::string& why) {
  count(leases.at(token), why);
  give_again(token);
}

/// The slot ended: of the file, or of the node.
void hub_state::slot_broke(uint64_t token, const std::string& why) {
  auto& l = leases.at(token);
  begin(l, self->clock().now());
  auto fresh = l.what.tried[l.owner].broke == 0;
  count(l, why);
  mark(l, fresh);
  give_again(token);
}

void hub_state::count(lease& l, const std::string& why) {
  auto& e = l.what;
  e.broken += l.begun ? 1 : 0;
  ++e.lost;
  e.reasons.push_back(why);
  ++e.tried[l.owner].broke;
}

void hub_state::mark(lease& l, bool fresh) {
  auto now = self->clock().now();
  auto& m = marks.at(l.owner);
  auto& job = l.what.job;
  if (m.broke({job.batch.text, job.file.n}, fresh, now))
    bench(l.owner);
  else if (m.benched(now))
    forgive(l.what, l.owner); // it was at it when it was found sick
}

void hub_state::bench(const std::string& owner) {
  queue.visit([&](auto&, entry& e) { forgive(e, owner); });
  for (auto& [token, l] : leases)
    forgive(l.what, owner);
  auto& m = marks.at(owner);
  if (rules.log)
    rules.log({"node " + owner + " gets no work for "
                   + std::to_string(m.pause().count())
                   + " s: its slots ended at " + std::to_string(m.files())
                   + " files in a row"
                   + (m.one_batch() ? ", all of one batch: of others it gets "
                                      "one at a time"
                                    : ""),
               {{"node", owner}},
               log_level::warning});
}

/// To whom it suits, or to nobody any more.
void hub_state::give_again(uint64_t token) {
  auto i = leases.find(token);
  auto was = std::move(i->second);
  leases.erase(i);
  auto& e = was.what;
  auto over = e.broken >= rules.most_broken || e.lost >= rules.most_lost;
  tell(was, over ? job_end::quarantined : job_end::broken);
  if (rules.log)
    rules.log({(over ? "file quarantined: " : "job lost: ")
                   + (e.reasons.empty() ? "" : e.reasons.back()),
               {{"batch", e.job.batch.text},
                {"file", std::to_string(e.job.file.n)},
                {"stage", std::string{to_string(e.job.what)}},
                {"node", was.owner}},
               log_level::warning});
  if (over)
    e.promise.deliver(given_up(e.reasons, token));
  else
    enqueue(std::move(e));
}

/// Costs no attempt. It may be too large for that node, or its disk is full:
/// the same at once would be the same again.
void hub_state::undone(const std::string& boot_id, uint64_t token) {
  auto* held = held_by(boot_id, token);
  if (held == nullptr)
    return;
  tell(*held, job_end::undone);
  auto e = std::move(held->what);
  auto owner = std::move(held->owner);
  leases.erase(token);
  auto& t = e.tried[owner];
  t.rest = std::clamp(2 * t.rest, rules.first_rest, rules.longest_rest);
  t.until = self->clock().now() + t.rest;
  enqueue(std::move(e));
}

void hub_state::answered(const std::string& owner) {
  if (!marks.at(owner).answered())
    return;
  if (rules.log)
    rules.log({"node " + owner + " works again", {{"node", owner}}});
  match();
}

uint64_t hub_state::holds(const std::string& boot_id) const {
  return static_cast<uint64_t>(
      std::count_if(leases.begin(), leases.end(),
                    [&](auto& l) { return l.second.holder == boot_id; }));
}

/// A file that a node did not do goes to one that has not tried it, as long as
/// such a node is here; to the same one after what has not broken there.
fair_queue<hub_state::entry>::fit hub_state::suits(const node& n,
                                                   const entry& e) const {
  using fit = fair_queue<entry>::fit;
  if (!n.takes(e)
      || marks.at(n.name).refuses(e.job.batch.text, self->clock().now()))
    return fit::no;
  auto t = e.tried.find(n.name);
  if (t == e.tried.end())
    return fit::yes;
  if (self->clock().now() < t->second.until || another_takes(e, n))
    return fit::no;
  return t->second.broke > 0 ? fit::if_need_be : fit::yes;
}

bool hub_state::another_takes(const entry& e, const node& than) const {
  auto now = self->clock().now();
  if (now - e.queued > rules.job_limit)
    return false; // they have had their chance
  return std::any_of(nodes.begin(), nodes.end(), [&](auto& other) {
    auto& n = other.second;
    return n.name != than.name && gets_work(n) && n.takes(e)
           && e.tried.count(n.name) == 0 && !marks.at(n.name).in_doubt();
  });
}

} // namespace vigie
