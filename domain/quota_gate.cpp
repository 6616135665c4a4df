#include "domain/quota_gate.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vigie {

std::string_view to_string(gate_phase x) {
  constexpr std::array names{"open", "paused", "probe", "day_off", "blocked"};
  return names[static_cast<std::size_t>(x)];
}

quota_gate::quota_gate(gate_rules rules)
    : rules_(std::move(rules)), limits_(rules_.configured),
      told_(rules_.configured), rpd_(rules_.rpd) {
  // nop
}

void quota_gate::roll_day(moment now) {
  if (now.utc < day_ends_)
    return;
  day_ends_ = rules_.next_day(now.utc);
  day_count_ = 0;
  day_label_distrusted_ = false;
}

void quota_gate::enqueue(analysis& a, bool head) {
  auto& l = lines_[a.batch];
  if (head)
    l.ids.push_front(a.id);
  else
    l.ids.push_back(a.id);
  ++queued_;
}

void quota_gate::unqueue(const analysis& a) {
  auto& ids = lines_[a.batch].ids;
  auto i = std::find(ids.begin(), ids.end(), a.id);
  if (i == ids.end())
    return;
  ids.erase(i);
  --queued_;
}

bool quota_gate::canary_due(moment now) const {
  return now.t >= canary_at_ && canary_serial_ == 0;
}

bool quota_gate::takes_work(moment now) const {
  if (phase_ == gate_phase::day_off)
    return now.utc >= off_until_ || canary_due(now);
  if (phase_ == gate_phase::blocked)
    return reason_ == "billing" && canary_due(now);
  return breaker_until_ - now.t <= seconds_f{60};
}

void quota_gate::arrive(analysis a, moment now, gate_steps& out) {
  roll_day(now);
  a.arrived = now.t;
  auto id = a.id;
  auto& l = lines_[a.batch];
  if (l.open++ == 0) {
    l.since = now.t;
    l.deadline = a.deadline;
  }
  l.deadline = std::min(l.deadline, a.deadline);
  auto& mine = all_.emplace(id, std::move(a)).first->second;
  enqueue(mine, false);
  if (mine.deadline <= now.t) {
    finish(id, verdict_kind::quota_exceeded, "budget", out);
    return;
  }
  auto off = phase_ == gate_phase::day_off && now.utc < off_until_;
  if (off || phase_ == gate_phase::blocked) {
    auto may_ask = off || reason_ == "billing";
    if (may_ask && canary_due(now)) {
      send(mine, now, out);
      canary_serial_ = mine.send_serial;
    } else {
      finish(id, off ? verdict_kind::quota_exceeded : blocked_verdict(),
             off ? "day" : reason_, out, off ? off_reset_ : std::nullopt);
    }
    return;
  }
  if (phase_ == gate_phase::paused && now.t < paused_until_)
    tell_held(now, paused_until_ - now.t, out);
  shed(now, out);
}

void quota_gate::finish(uint64_t id, verdict_kind what, std::string scope,
                        gate_steps& out, std::optional<utc_time> reset) {
  auto i = all_.find(id);
  if (i == all_.end())
    return;
  auto& a = i->second;
  if (a.in_flight)
    --in_flight_;
  else
    unqueue(a);
  auto l = lines_.find(a.batch);
  if (--l->second.open == 0)
    lines_.erase(l);
  all_.erase(i);
  out.ended.push_back({id, what, std::move(scope), reset});
}

/// A spent plan is a quota; a bad key or a missing model is not.
verdict_kind quota_gate::blocked_verdict() const {
  return reason_ == "billing" || reason_ == "limit0"
             ? verdict_kind::quota_exceeded
             : verdict_kind::blocked;
}

void quota_gate::finish_queued(const std::string& scope, gate_steps& out,
                               std::optional<utc_time> reset) {
  auto what = phase_ == gate_phase::blocked ? blocked_verdict()
                                            : verdict_kind::quota_exceeded;
  std::vector<uint64_t> ids;
  for (auto& [batch, l] : lines_)
    ids.insert(ids.end(), l.ids.begin(), l.ids.end());
  for (auto id : ids)
    finish(id, what, scope, out, reset);
}

void quota_gate::expire(uint64_t id, moment now, gate_steps& out) {
  auto i = all_.find(id);
  if (i == all_.end())
    return;
  auto quota = i->second.held_by_quota;
  auto serial = i->second.send_serial;
  auto was_probe = i->second.in_flight && probe_ == serial;
  finish(id,
         quota ? verdict_kind::quota_exceeded : verdict_kind::provider_error,
         "budget", out);
  if (was_probe)
    probe_.reset();
  if (canary_serial_ == serial)
    canary_serial_ = 0;
  pump(now, out);
}

void quota_gate::withdraw(uint64_t id) {
  auto i = all_.find(id);
  if (i == all_.end())
    return;
  if (i->second.in_flight && probe_ == i->second.send_serial)
    probe_.reset();
  if (canary_serial_ == i->second.send_serial)
    canary_serial_ = 0;
  gate_steps nobody;
  finish(id, verdict_kind::provider_error, "", nobody);
}

} // namespace vigie
