// What the gate learns about the quota from refusals (GEMINI.md 3.4, 3.5).

#include "domain/quota_gate.hpp"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

constexpr seconds_f minute{60};
constexpr seconds_f surprise_window{180};
constexpr std::size_t most_surprises = 8;
constexpr seconds_f refund_doubt{62};
constexpr seconds_f locked_for{86'400};
constexpr int bare_to_infer = 3;

} // namespace

void quota_gate::learn(const model_reply& r, moment now, gate_steps& out) {
  auto old = limits_;
  auto value = r.value ? static_cast<double>(*r.value) : 0;
  if (r.dim == quota_dim::rpm && value >= 1) {
    told_.rpm = value;
    if (!limits_.rpm || rpm_inferred_ || *limits_.rpm > value)
      limits_.rpm = value;
    rpm_inferred_ = false;
  } else if (r.dim == quota_dim::tpm && value >= 1) {
    told_.tpm = limits_.tpm = value;
  }
  bare_in_a_row_ = r.kind == reply_kind::bare ? bare_in_a_row_ + 1 : 0;
  if (bare_in_a_row_ >= bare_to_infer && !told_.rpm) {
    auto admitted = std::count_if(
        ledger_.entries().begin(), ledger_.entries().end(),
        [&](auto& e) { return !e.refused && e.at + minute > now.t; });
    limits_.rpm = std::max<double>(1, static_cast<double>(admitted));
    rpm_inferred_ = true;
    grown_at_ = now.t;
  }
  if (limits_.rpm != old.rpm || limits_.tpm != old.tpm) {
    out.log.push_back("limits learned");
    out.changed = true;
    shed(now, out);
  }
}

/// Sliding, fixed or bucket: the exact delay told by a full server decides.
void quota_gate::learn_window(const model_reply& r, moment now) {
  if (window_locked_ && now.t < window_locked_until_)
    return;
  window_locked_ = false;
  if (r.dim != quota_dim::rpm || !r.delay || !r.value)
    return;
  auto rpm = static_cast<double>(*r.value);
  auto predicted = ledger_.predicted_delay(now.t, rpm);
  if (!predicted)
    return; // our own ledger is not full: somebody else is at work
  auto told = *r.delay;
  auto lock = [&] {
    ledger_.kind = window_kind::sliding;
    window_locked_ = true;
    window_locked_until_ = now.t + locked_for;
  };
  if (ledger_.kind == window_kind::fixed) {
    auto off =
        std::fmod((now.t + told - ledger_.boundary).count(), minute.count());
    off = std::min(std::abs(off), minute.count() - std::abs(off));
    if (off > 1.5)
      lock();
    return;
  }
  if (ledger_.kind == window_kind::bucket) {
    if (told > minute / rpm * 1.5)
      lock();
    return;
  }
  if (std::abs((told - *predicted).count()) <= 1)
    return;
  if (told <= minute / rpm * 1.05) {
    if (++short_delays_ >= 2) {
      ledger_.kind = window_kind::bucket;
      ledger_.level = 0;
      ledger_.level_at = now.t;
    }
    return;
  }
  ledger_.kind = window_kind::fixed;
  ledger_.boundary = now.t + told;
}

/// A limit that was only inferred grows each quiet minute; one that the valve
/// has lowered goes back to what was told, one request per 30 s.
void quota_gate::grow(moment now) {
  if (!limits_.rpm)
    return;
  auto lowered = told_.rpm && *limits_.rpm < *told_.rpm;
  auto pace = rpm_inferred_ ? minute : minute / 2;
  if ((!rpm_inferred_ && !lowered) || now.t < grown_at_ + pace)
    return;
  limits_.rpm = *limits_.rpm + 1;
  if (lowered && !rpm_inferred_)
    limits_.rpm = std::min(*limits_.rpm, *told_.rpm);
  grown_at_ = now.t;
}

void quota_gate::count_surprise(const analysis& a, moment now) {
  if (phase_ != gate_phase::open || !a.told_limits)
    return;
  if (last_refund_ != instant{} && now.t - last_refund_ <= refund_doubt)
    refunds_wrong_ = true;
  surprises_.push_back(now.t);
  while (surprises_.front() + surprise_window < now.t)
    surprises_.pop_front();
  if (surprises_.size() < most_surprises)
    return;
  surprises_.clear();
  ledger_.kind = window_kind::sliding;
  window_locked_ = true;
  window_locked_until_ = now.t + locked_for;
  if (limits_.rpm)
    limits_.rpm = std::max(1.0, *limits_.rpm * 0.85);
  grown_at_ = now.t;
}

} // namespace vigie
