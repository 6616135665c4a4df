// What is sent when: pump, pick, shed (GEMINI.md 3.5).

#include "domain/quota_gate.hpp"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

constexpr seconds_f minute{60};
constexpr seconds_f probe_watch{1.0};
constexpr seconds_f spacing{0.05};
constexpr seconds_f urgent_slack{60};
constexpr seconds_f look_again{5};
constexpr seconds_f worth_telling{2.0};

} // namespace

int quota_gate::room() const {
  if (limits_.rpm)
    return rules_.most_in_flight;
  auto careful = 4 + successes_;
  return static_cast<int>(std::min<int64_t>(rules_.most_in_flight, careful));
}

seconds_f quota_gate::hold(moment now, const analysis& a) const {
  auto w = ledger_.wait(now.t, a.tokens, limits_);
  if (last_send_ != instant{})
    w = std::max(w, seconds_f{last_send_ + spacing - now.t});
  return w;
}

/// Closed, for long or for now; what is over by now is opened to a probe.
bool quota_gate::shut(moment now, gate_steps& out) {
  if (phase_ == gate_phase::blocked)
    return true;
  if (phase_ == gate_phase::day_off) {
    if (closed(now)) {
      out.wake = now.t + (off_until_ - now.utc);
      return true;
    }
    phase_ = gate_phase::probe;
    probe_.reset();
    day_count_ = 0;
    off_reset_.reset();
    out.log.push_back("day over: probing");
    out.changed = true;
  }
  auto closed_until = std::max(paused_until_, breaker_until_);
  if (now.t < closed_until) {
    obstacle_ = now.t < paused_until_ ? obstacle::quota : obstacle::service;
    out.wake = closed_until;
    return true;
  }
  if (phase_ == gate_phase::paused) {
    phase_ = gate_phase::probe;
    probe_.reset();
    out.changed = true;
  }
  return false;
}

void quota_gate::pump(moment now, gate_steps& out) {
  roll_day(now);
  if (stopped_ || shut(now, out))
    return;
  auto watched_until = probe_at_ + probe_watch;
  if (phase_ == gate_phase::probe && probe_ && !confirming_
      && now.t >= watched_until)
    open(out);
  while (in_flight_ < room()) {
    if (phase_ == gate_phase::probe && (probe_ || now.t < watched_until)) {
      if (!probe_ || !confirming_)
        out.wake = watched_until;
      return;
    }
    std::optional<instant> not_before;
    auto* a = pick(now, not_before);
    if (!a) {
      obstacle_ = obstacle::none;
      out.wake = not_before;
      return;
    }
    if (auto w = hold(now, *a); w > seconds_f{0}) {
      out.wake = now.t + w;
      if (w > spacing)
        obstacle_ = obstacle::quota;
      if (w >= worth_telling)
        tell_held(now, w, out);
      return;
    }
    send(*a, now, out);
    watched_until = probe_at_ + probe_watch;
  }
  if (obstacle_ != obstacle::quota
      || ledger_.wait(now.t, 0, limits_) == seconds_f{0})
    obstacle_ = obstacle::service; // slow answers
}

void quota_gate::send(analysis& a, moment now, gate_steps& out) {
  unqueue(a);
  a.in_flight = true;
  a.send_serial = ++serial_;
  a.told_limits = limits_.rpm.has_value();
  if (obstacle_ != obstacle::none && now.t - a.arrived >= seconds_f{1})
    a.held_by_quota = obstacle_ == obstacle::quota;
  ++a.sends;
  ++in_flight_;
  ++day_count_;
  last_send_ = now.t;
  ledger_.debit(a.send_serial, now.t, a.tokens);
  if (phase_ == gate_phase::probe) {
    probe_ = a.send_serial;
    probe_at_ = now.t;
  }
  lines_[a.batch].told_once = false;
  out.send.push_back(a.id);
}

/// Would the queue, served by deadline, leave somebody short of time?
bool quota_gate::short_of_time(moment now) const {
  auto each = minute / *limits_.rpm;
  auto first = deadlines_.begin()->first.first;
  if (first - now.t - each * static_cast<double>(queued_) >= urgent_slack)
    return false; // not even the first, were it served last
  std::size_t ahead = 0;
  for (auto& [key, l] : deadlines_) {
    auto waiting = l->ids.size();
    ahead += waiting;
    auto slack = l->deadline - now.t - each * static_cast<double>(ahead);
    if (waiting > 0 && slack < urgent_slack)
      return true;
  }
  return false;
}

/// Whose turn it is when time is short; else null. The look at the whole queue
/// holds for some seconds: the slack is a minute.
auto quota_gate::urgent(moment now) -> const line* {
  if (!limits_.rpm || deadlines_.empty())
    return nullptr;
  if (now.t >= urgent_until_) {
    urgent_ = short_of_time(now);
    urgent_until_ = now.t + look_again;
  }
  if (urgent_)
    for (auto& [key, l] : deadlines_)
      if (!l->ids.empty())
        return l;
  return nullptr;
}

analysis* quota_gate::ready(const line& l, moment now,
                            std::optional<instant>& not_before) {
  for (auto id : l.ids) {
    auto& a = all_.at(id);
    if (a.deadline <= now.t)
      continue; // about to expire
    if (a.not_before <= now.t)
      return &a;
    not_before =
        not_before ? std::min(*not_before, a.not_before) : a.not_before;
  }
  return nullptr;
}

analysis* quota_gate::pick(moment now, std::optional<instant>& not_before) {
  if (auto* first = urgent(now))
    if (auto* a = ready(*first, now, not_before))
      return a;
  for (auto& [rank, deadline, batch] : turns_)
    if (auto* a = ready(lines_.at(batch), now, not_before))
      return a;
  return nullptr;
}

} // namespace vigie
