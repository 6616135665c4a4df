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
    block("key", out);
    break;
  case reply_kind::config:
    block("config", out);
    break;
  case reply_kind::model:
    block("model", out);
    break;
  default:
    good(a, r, now, out);
  }
  if (canary_serial_ == serial)
    canary_serial_ = 0;
  if (probe_ == serial)
    probe_.reset();
  auto after = all_.find(id);
  if (after != all_.end() && phase_ == gate_phase::blocked)
    finish(id, blocked_verdict(), reason_, out);
  pump(now, out);
}

/// The service answered: the quota let it through.
void quota_gate::good(analysis& a, const model_reply& r, moment now,
                      gate_steps& out) {
  ++successes_;
  strikes_ = bare_in_a_row_ = 0;
  faults_in_a_row_ = breaker_level_ = 0;
  if (r.prompt_tokens > 0)
    ledger_.settle(a.send_serial, static_cast<double>(r.prompt_tokens));
  if (canary_serial_ == a.send_serial && canary_serial_ != 0) {
    day_count_ = 0;
    day_label_distrusted_ = true;
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
  if (a.sends >= rules_.most_sends) {
    finish(a.id,
           a.held_by_quota ? verdict_kind::quota_exceeded
                           : verdict_kind::provider_error,
           "attempts", out);
    return;
  }
  auto ready_at = std::max(a.not_before, now.t);
  if (a.held_by_quota)
    ready_at = std::max(ready_at, paused_until_);
  if (ready_at >= a.deadline) {
    finish(a.id,
           a.held_by_quota ? verdict_kind::quota_exceeded
                           : verdict_kind::provider_error,
           "budget", out);
    return;
  }
  a.in_flight = false;
  --in_flight_;
  enqueue(a, true);
}

void quota_gate::transient(analysis& a, const model_reply& r, moment now,
                           gate_steps& out) {
  --day_count_;
  if (!refunds_wrong_) {
    ledger_.refund(a.send_serial);
    last_refund_ = now.t;
  }
  if (r.http == 500 && ++a.internal_tries >= most_internal) {
    finish(a.id, verdict_kind::provider_error, "", out);
    return;
  }
  auto backoff = std::min(longest_retry, std::exp2(a.transient_tries++))
                 * (0.5 + rules_.draw());
  a.not_before = now.t + seconds_f{std::min(longest_retry, backoff)};
  auto was_probe = phase_ == gate_phase::probe && probe_ == a.send_serial;
  ++faults_in_a_row_;
  if (faults_in_a_row_ >= faults_to_break
      && (was_probe || breaker_until_ <= now.t)) {
    auto step = breaker_steps[static_cast<std::size_t>(
        std::min<int>(breaker_level_++, breaker_steps.size() - 1))];
    breaker_until_ = now.t + seconds_f{step};
    if (phase_ == gate_phase::open)
      phase_ = gate_phase::probe;
    probe_.reset();
    out.log.push_back("service unavailable: one probe in "
                      + std::to_string(static_cast<int>(step)) + " s");
    out.changed = true;
  }
  hold_up why;
  why.batch = a.batch;
  why.quota = false;
  why.delay = std::max(a.not_before, breaker_until_) - now.t;
  why.attempt = a.sends + 1;
  why.source = "default";
  auto id = a.id;
  requeue(a, now, out);
  if (all_.count(id) > 0)
    out.waiting.push_back(std::move(why));
}

void quota_gate::block(std::string reason, gate_steps& out) {
  phase_ = gate_phase::blocked;
  reason_ = std::move(reason);
  probe_.reset();
  confirming_ = false;
  out.log.push_back("blocked: " + reason_);
  out.changed = true;
  finish_queued(reason_, out);
}

void quota_gate::open(gate_steps& out) {
  if (phase_ != gate_phase::open) {
    out.log.push_back("open");
    out.changed = true;
  }
  phase_ = gate_phase::open;
  reason_.clear();
  probe_.reset();
  confirming_ = false;
  off_reset_.reset();
}

} // namespace vigie
