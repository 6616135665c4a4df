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

/// What pick() goes by, but for a term that all lines share at one instant:
/// the fewest open first, and one less for every 30 s of age.
void quota_gate::stand(const std::string& batch, line& l) {
  constexpr double ageing = 30;
  l.rank =
      static_cast<double>(l.open) + l.since.time_since_epoch().count() / ageing;
  turns_.emplace(l.rank, l.deadline, batch);
  deadlines_.emplace(std::pair{l.deadline, batch}, &l);
}

void quota_gate::unstand(const std::string& batch, const line& l) {
  turns_.erase({l.rank, l.deadline, batch});
  deadlines_.erase({l.deadline, batch});
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

void quota_gate::arrive(analysis a, moment now, gate_steps& out) {
  roll_day(now);
  a.arrived = now.t;
  auto id = a.id;
  auto& l = lines_[a.batch];
  if (l.open++ == 0) {
    l.since = now.t;
    l.deadline = a.deadline;
  } else {
    unstand(a.batch, l);
  }
  l.deadline = std::min(l.deadline, a.deadline);
  stand(a.batch, l);
  auto& mine = all_.emplace(id, std::move(a)).first->second;
  enqueue(mine, false);
  if (mine.deadline <= now.t) {
    finish(id, verdict_kind::quota_exceeded, "budget", out);
    return;
  }
  if (closed(now)) {
    if (canary_due(now)) {
      send(mine, now, out);
      canary_serial_ = mine.send_serial;
    } else {
      turn_away(id, out);
    }
    return;
  }
  auto paused = phase_ == gate_phase::paused && now.t < paused_until_;
  if (paused && mine.deadline <= paused_until_) { // 3.3, rule 5
    finish(id, verdict_kind::quota_exceeded, "minute", out);
    return;
  }
  shed(now, out);
  if (paused)
    tell_held(now, paused_until_ - now.t, out);
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
  unstand(a.batch, l->second);
  if (--l->second.open == 0)
    lines_.erase(l);
  else
    stand(a.batch, l->second);
  all_.erase(i);
  out.ended.push_back({id, what, std::move(scope), reset});
}

/// Whoever asked `serial` is gone without a reply.
void quota_gate::forget(uint64_t serial, moment now) {
  if (probe_ == serial)
    probe_.reset();
  canary_back(serial, now);
}

/// What kept it from being answered, at this instant?
bool quota_gate::held_by_quota(const analysis& a) const {
  if (a.in_flight || obstacle_ == obstacle::none)
    return a.held_by_quota;
  return obstacle_ == obstacle::quota;
}

verdict_kind quota_gate::late_verdict(const analysis& a) const {
  return held_by_quota(a) ? verdict_kind::quota_exceeded
                          : verdict_kind::provider_error;
}

void quota_gate::expire(uint64_t id, moment now, gate_steps& out) {
  auto i = all_.find(id);
  if (i == all_.end())
    return;
  auto serial = i->second.in_flight ? i->second.send_serial : 0;
  finish(id, late_verdict(i->second), "budget", out);
  forget(serial, now);
  pump(now, out);
}

void quota_gate::withdraw(uint64_t id, moment now) {
  auto i = all_.find(id);
  if (i == all_.end())
    return;
  auto serial = i->second.in_flight ? i->second.send_serial : 0;
  gate_steps nobody;
  finish(id, verdict_kind::provider_error, "", nobody);
  forget(serial, now);
}

} // namespace vigie
