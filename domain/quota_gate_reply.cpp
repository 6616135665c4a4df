// What a reply does to the gate and to its analysis (GEMINI.md 3.3-3.5).

#include "domain/quota_gate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vigie {

namespace {

constexpr std::array breaker_steps{5.0, 10.0, 20.0, 30.0};
constexpr int faults_to_break = 5;
constexpr int most_internal = 3;
constexpr double longest_retry = 30; // seconds

bool is_refusal(reply_kind k) {
  return k == reply_kind::minute || k == reply_kind::day
         || k == reply_kind::bare || k == reply_kind::limit0
         || k == reply_kind::billing;
}

} // namespace

void quota_gate::answered(uint64_t id, const model_reply& r, moment now,
                          gate_steps& out) {
  roll_day(now);
  auto i = all_.find(id);
  if (i == all_.end() || !i->second.in_flight)
    return; // expired or withdrawn meanwhile
  auto& a = i->second;
  auto serial = a.send_serial;
  if (r.http == 0 || !is_refusal(r.kind))
    a.held_by_quota = false;
  switch (r.kind) {
  case reply_kind::transient:
    transient(a, r, now, out);
    break;
  case reply_kind::minute:
  case reply_kind::day:
  case reply_kind::bare:
  case reply_kind::limit0:
  case reply_kind::billing:
    refused(a, r, now, out);
    break;
  case reply_kind::key:
    block("key", now, out);
    break;
  case reply_kind::config:
    block("config", now, out);
    break;
  case reply_kind::model:
    block("model", now, out);
    break;
  default:
    good(a, r, now, out);
  }
  forget(serial, now);
  if (closed(now))
    turn_away(id, out);
  pump(now, out);
}

/// The service answered: the quota let it through.
void quota_gate::good(analysis& a, const model_reply& r, moment now,
                      gate_steps& out) {
  ++successes_;
  strikes_ = bare_in_a_row_ = 0;
  faults_in_a_row_ = breaker_level_ = 0;
  broken_since_.reset();
  if (r.prompt_tokens > 0)
    ledger_.settle(a.send_serial, static_cast<double>(r.prompt_tokens));
  if (canary_serial_ == a.send_serial) {
    if (phase_ == gate_phase::day_off) {
      day_count_ = 0;
      day_label_distrusted_ = true;
    }
    open(out);
  } else if (phase_ == gate_phase::probe && probe_ == a.send_serial) {
    if (confirming_)
      day_label_distrusted_ = true;
    open(out);
  }
  grow(now);
  switch (r.kind) {
  case reply_kind::ok:
    finish(a.id, verdict_kind::answered, "", out);
    return;
  case reply_kind::blocked:
    finish(a.id, verdict_kind::blocked, "content", out);
    return;
  case reply_kind::truncated:
  case reply_kind::malformed:
    once_more(a, now, out);
    return;
  default:
    finish(a.id, verdict_kind::bad_request, "", out);
  }
}

void quota_gate::once_more(analysis& a, moment now, gate_steps& out) {
  if (++a.malformed_tries >= 2)
    finish(a.id, verdict_kind::malformed, "", out);
  else
    requeue(a, now, out);
}

void quota_gate::requeue(analysis& a, moment now, gate_steps& out) {
  if (closed(now)) {
    turn_away(a.id, out);
    return;
  }
  auto ready_at = std::max(a.not_before, now.t);
  if (a.held_by_quota)
    ready_at = std::max(ready_at, paused_until_);
  auto tired = a.sends >= rules_.most_sends;
  if (tired || ready_at >= a.deadline) {
    finish(a.id, late_verdict(a), tired ? "attempts" : "budget", out);
    return;
  }
  a.in_flight = false;
  --in_flight_;
  enqueue(a, true);
}

/// One more fault; five in a row, or one that a probe meets, open the breaker.
void quota_gate::count_fault(const analysis& a, moment now, gate_steps& out) {
  auto was_probe = phase_ == gate_phase::probe && probe_ == a.send_serial;
  ++faults_in_a_row_;
  if (!was_probe
      && (faults_in_a_row_ < faults_to_break || breaker_until_ > now.t))
    return;
  auto step = breaker_steps[static_cast<std::size_t>(
      std::min<int>(breaker_level_++, breaker_steps.size() - 1))];
  breaker_until_ = now.t + seconds_f{step};
  if (!broken_since_)
    broken_since_ = now.t;
  if (phase_ == gate_phase::open)
    phase_ = gate_phase::probe;
  probe_.reset();
  out.log.push_back("service unavailable: one probe in "
                    + std::to_string(static_cast<int>(step)) + " s");
  out.changed = true;
}

void quota_gate::transient(analysis& a, const model_reply& r, moment now,
                           gate_steps& out) {
  uncount();
  if (!refunds_wrong_) {
    ledger_.refund(a.send_serial);
    last_refund_ = now.t;
  }
  count_fault(a, now, out);
  if (r.http == 500 && ++a.internal_tries >= most_internal) {
    finish(a.id, verdict_kind::provider_error, "", out);
    return;
  }
  auto backoff = std::min(longest_retry, std::exp2(a.transient_tries++))
                 * (0.5 + rules_.draw());
  a.not_before = now.t + seconds_f{std::min(longest_retry, backoff)};
  hold_up why;
  why.batch = a.batch;
  why.quota = false;
  why.delay = std::max({a.not_before, breaker_until_, paused_until_}) - now.t;
  why.attempt = a.sends + 1;
  why.source = "default";
  auto id = a.id;
  requeue(a, now, out);
  if (all_.count(id) > 0)
    out.waiting.push_back(std::move(why));
}

} // namespace vigie
