// What a 429 does: minute, day, plan, billing (GEMINI.md 3.3, 3.4).

#include "domain/quota_gate.hpp"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

constexpr seconds_f worth_correcting{5}; // of what was told

} // namespace

void quota_gate::refused(analysis& a, const model_reply& r, moment now,
                         gate_steps& out) {
  uncount();
  a.held_by_quota = true;
  broken_since_.reset(); // it does answer
  ledger_.mark_refused(a.send_serial);
  if (phase_ == gate_phase::blocked)
    return; // ended by answered()
  if (r.kind == reply_kind::billing || r.kind == reply_kind::limit0) {
    auto scope = r.kind == reply_kind::billing ? "billing" : "limit0";
    finish(a.id, verdict_kind::quota_exceeded, scope, out);
    block(scope, now, out);
    return;
  }
  if (closed(now))
    return; // the day is known to be spent; ended by answered()
  if (r.kind == reply_kind::day)
    refused_for_the_day(a, r, now, out);
  else
    refused_for_a_minute(a, r, now, out);
}

void quota_gate::refused_for_the_day(analysis& a, const model_reply& r,
                                     moment now, gate_steps& out) {
  auto told = r.delay.value_or(seconds_f{60});
  auto count = static_cast<double>(day_count_);
  if (r.dim == quota_dim::rpd && r.value && *r.value > 0)
    rpd_ = static_cast<double>(*r.value);
  auto share = rpd_ ? count / *rpd_ : 0;
  auto asked = confirming_ && probe_ == a.send_serial;
  if (told >= seconds_f{600} || asked || (share >= 0.8 && share <= 1.25)) {
    day_off(now, r, out);
    turn_away(a.id, out);
    return;
  }
  if (share <= 1.25 && !day_label_distrusted_) {
    confirming_ = true; // ask once
    auto once = r;
    once.delay = std::min(told, seconds_f{60});
    refused_for_a_minute(a, once, now, out);
    return;
  }
  refused_for_a_minute(a, r, now, out);
}

void quota_gate::refused_for_a_minute(analysis& a, const model_reply& r,
                                      moment now, gate_steps& out) {
  count_surprise(a, now);
  learn_window(r, now);
  learn(r, now, out);
  hold_up why;
  why.quota_id = r.quota_id;
  why.value = r.value;
  why.source = r.delay ? r.delay_source : "default";
  seconds_f delay{};
  if (r.delay) {
    delay = *r.delay + seconds_f{0.25 + 0.25 * rules_.draw()};
  } else if (r.dim != quota_dim::none) {
    delay = seconds_f{60 + rules_.draw()};
  } else {
    delay = seconds_f{std::min(60.0, 5 * std::exp2(std::min(strikes_, 10)))
                      + rules_.draw()};
    ++strikes_;
  }
  auto known = phase_ == gate_phase::paused ? paused_until_ : now.t;
  auto was_closed = known > now.t;
  paused_until_ = std::max(paused_until_, now.t + delay);
  why.delay = paused_until_ - now.t;
  phase_ = gate_phase::paused;
  requeue(a, now, out);
  // until >= deadline: these can only be too late (3.3, rule 5).
  std::vector<uint64_t> late;
  for (auto& [id, other] : all_)
    if (!other.in_flight && other.deadline <= paused_until_)
      late.push_back(id);
  std::sort(late.begin(), late.end());
  for (auto id : late)
    finish(id, verdict_kind::quota_exceeded, "minute", out);
  obstacle_ = obstacle::quota;
  if (!was_closed || paused_until_ > known + worth_correcting) {
    out.log.push_back("paused for " + std::to_string(why.delay.count()) + " s");
    tell_all(now, why, out);
  }
  out.changed = true;
}

} // namespace vigie
