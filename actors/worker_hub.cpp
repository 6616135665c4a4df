#include "actors/worker_hub.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace vigie {

namespace {

constexpr std::size_t longest_text = 8u << 20;
// A thumbnail, or a picture made for the model.
constexpr std::size_t largest_thumbnail = 6u << 20;
constexpr std::size_t most_observations = 5'000;

analysis_result given_up() {
  analysis_result r;
  r.ok = false;
  r.error_code = "worker-broken";
  r.error_message = "L'analyse de ce fichier s'est interrompue trop souvent.";
  return r;
}

} // namespace

bool acceptable(const analysis_result& r) {
  auto sane = [](const observation& o) {
    return o.severity <= severity::critical && o.label.size() < 256;
  };
  return r.thumbnail_jpeg.size() <= largest_thumbnail
         && r.observations.size() <= most_observations
         && (!r.text || r.text->content.size() <= longest_text)
         && std::all_of(r.observations.begin(), r.observations.end(), sane);
}

void hub_state::work(const analysis_job& job, caf::actor_addr asker,
                     caf::typed_response_promise<analysis_result> promise) {
  // A request that its asker's end overtook is taken back at once: whoever
  // watches the dead is told again.
  if (asker && watched.insert(asker).second)
    self->monitor(asker);
  enqueue({job, std::move(promise), std::move(asker), 0}, false);
}

/// The batch was cancelled, or has failed. A slot that is at it works on; its
/// token means nothing any more.
void hub_state::forget(const caf::actor_addr& asker) {
  watched.erase(asker);
  for (auto i = queues.begin(); i != queues.end();) {
    std::erase_if(i->second, [&](auto& e) { return e.asker == asker; });
    if (i->second.empty()) {
      std::erase(turns, i->first);
      i = queues.erase(i);
    } else {
      ++i;
    }
  }
  std::erase_if(leases, [&](auto& l) { return l.second.what.asker == asker; });
}

void hub_state::enqueue(entry e, bool at_the_head) {
  auto& queue = queues[e.job.batch];
  if (queue.empty())
    turns.push_back(e.job.batch);
  if (at_the_head)
    queue.push_front(std::move(e));
  else
    queue.push_back(std::move(e));
  match();
}

hub_state::entry hub_state::take() {
  auto turn = turns.front();
  turns.pop_front();
  auto i = queues.find(turn);
  auto e = std::move(i->second.front());
  i->second.pop_front();
  if (i->second.empty())
    queues.erase(i);
  else
    turns.push_back(turn);
  return e;
}

void hub_state::match() {
  for (auto& [slot_id, s] : slots) {
    if (turns.empty())
      return;
    if (s.waiting)
      hand_out(slot_id, s);
  }
}

void hub_state::hand_out(const std::string& slot_id, slot& to) {
  auto e = take();
  auto now = self->clock().now();
  e.job.token = ++last_id;
  if (e.job.id == 0)
    e.job.id = e.job.token;
  auto promise = std::move(to.waiting->promise);
  to.waiting.reset();
  promise.deliver(e.job);
  auto token = e.job.token;
  leases.emplace(token, lease{std::move(e), slot_id, now, now});
}

void hub_state::result(const std::string& slot_id, uint64_t token,
                       const analysis_result& r) {
  auto i = leases.find(token);
  if (i == leases.end() || i->second.holder != slot_id)
    return; // the lease was taken back: somebody else does the job
  if (!acceptable(r)) {
    i->second.begun = true;
    broke(token);
    return;
  }
  auto promise = std::move(i->second.what.promise);
  leases.erase(i);
  promise.deliver(r);
}

void hub_state::beat(const std::string& slot_id, uint64_t token) {
  auto now = self->clock().now();
  if (auto s = slots.find(slot_id); s != slots.end())
    s->second.seen = now;
  if (auto i = leases.find(token);
      i != leases.end() && i->second.holder == slot_id) {
    i->second.renewed = now;
    i->second.begun = true;
  }
}

void hub_state::broke(uint64_t token) {
  auto i = leases.find(token);
  auto e = std::move(i->second.what);
  e.broken += i->second.begun ? 1 : 0;
  leases.erase(i);
  if (e.broken >= rules.most_broken)
    e.promise.deliver(given_up());
  else
    enqueue(std::move(e), true);
}

void hub_state::lost(const std::string& slot_id) {
  slots.erase(slot_id);
  std::vector<uint64_t> held;
  for (auto& [token, l] : leases)
    if (l.holder == slot_id)
      held.push_back(token);
  for (auto token : held)
    broke(token);
}

void hub_state::tick() {
  auto now = self->clock().now();
  std::vector<uint64_t> late;
  for (auto& [token, l] : leases)
    if (now - l.renewed > rules.silence || now - l.since > rules.job_limit)
      late.push_back(token);
  for (auto token : late)
    broke(token);
  for (auto i = slots.begin(); i != slots.end();) {
    auto& s = i->second;
    if (s.waiting && now >= s.waiting->until) {
      s.waiting->promise.deliver(analysis_job{});
      s.waiting.reset();
      s.seen = now;
    }
    auto holds = std::any_of(leases.begin(), leases.end(), [&](auto& l) {
      return l.second.holder == i->first;
    });
    auto gone = !s.waiting && !holds && now - s.seen > 3 * rules.silence;
    i = gone ? slots.erase(i) : std::next(i);
  }
}

} // namespace vigie
