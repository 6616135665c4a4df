// While the gate is closed for long: a spent day, a block; and who else may
// have the work then (GEMINI.md 3.1, 3.4, 3.6).

#include "domain/quota_gate.hpp"

namespace vigie {

namespace {

constexpr seconds_f outage{60}; // longer: another model may try

} // namespace

/// Nothing but a canary is sent.
bool quota_gate::closed(moment now) const {
  return phase_ == gate_phase::blocked
         || (phase_ == gate_phase::day_off && now.utc < off_until_);
}

seconds_f quota_gate::canary_pace() const {
  return seconds_f{phase_ == gate_phase::day_off ? 900. : 3'600.};
}

bool quota_gate::canary_due(moment now) const {
  auto may_ask = phase_ == gate_phase::day_off || reason_ == "billing";
  return may_ask && canary_serial_ == 0 && now.t >= canary_at_;
}

/// Whatever became of the canary, it was the one of its time.
void quota_gate::canary_back(uint64_t serial, moment now) {
  if (canary_serial_ == 0 || canary_serial_ != serial)
    return;
  canary_serial_ = 0;
  canary_at_ = now.t + canary_pace();
}

/// REQUIRES: closed().
void quota_gate::turn_away(uint64_t id, gate_steps& out) {
  if (phase_ == gate_phase::day_off)
    finish(id, verdict_kind::quota_exceeded, "day", out, off_reset_);
  else
    finish(id, blocked_verdict(), reason_, out);
}

void quota_gate::finish_queued(gate_steps& out) {
  std::vector<uint64_t> ids;
  for (auto& [batch, l] : lines_)
    ids.insert(ids.end(), l.ids.begin(), l.ids.end());
  for (auto id : ids)
    turn_away(id, out);
}

bool quota_gate::down_for_long(moment now) const {
  return broken_since_ && now.t - *broken_since_ > outage;
}

bool quota_gate::takes_work(moment now) const {
  if (closed(now))
    return canary_due(now);
  if (!down_for_long(now))
    return true;
  // One at a time may ask whether the outage is over.
  return queued_ == 0 && in_flight_ == 0 && now.t >= breaker_until_;
}

std::vector<uint64_t> quota_gate::stranded(moment now) const {
  std::vector<uint64_t> ids;
  if (down_for_long(now) && now.t < breaker_until_)
    for (auto& [batch, l] : lines_)
      ids.insert(ids.end(), l.ids.begin(), l.ids.end());
  return ids;
}

/// A spent plan is a quota; a bad key or a missing model is not.
verdict_kind quota_gate::blocked_verdict() const {
  return reason_ == "billing" || reason_ == "limit0"
             ? verdict_kind::quota_exceeded
             : verdict_kind::blocked;
}

void quota_gate::day_off(moment now, const model_reply& r, gate_steps& out) {
  auto told = r.delay.value_or(seconds_f{60});
  auto as_us = [](seconds_f s) {
    return std::chrono::duration_cast<std::chrono::microseconds>(s);
  };
  off_reset_ = told >= seconds_f{600} ? now.utc + as_us(told) : day_ends_;
  off_until_ = *off_reset_ + as_us(seconds_f{1 + 4 * rules_.draw()});
  phase_ = gate_phase::day_off;
  reason_ = "day";
  canary_at_ =
      now.t + (told < seconds_f{600} ? told + seconds_f{1} : canary_pace());
  canary_serial_ = 0;
  confirming_ = false;
  probe_.reset();
  out.log.push_back("daily quota spent");
  out.changed = true;
  finish_queued(out);
}

void quota_gate::block(std::string reason, moment now, gate_steps& out) {
  phase_ = gate_phase::blocked;
  reason_ = std::move(reason);
  probe_.reset();
  confirming_ = false;
  canary_serial_ = 0;
  canary_at_ = now.t + canary_pace();
  out.log.push_back("blocked: " + reason_);
  out.changed = true;
  finish_queued(out);
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
