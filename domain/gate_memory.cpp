// What outlives a restart, and what the board shows (GEMINI.md 3.7).

#include "domain/quota_gate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vigie {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr std::array windows{"sliding", "fixed", "bucket"};
constexpr std::size_t most_waiters = 50;
constexpr double most_assumed = 10'000;

utc_time to_utc(instant t, moment now) {
  return now.utc + duration_cast<microseconds>(t - now.t);
}

instant from_utc(utc_time t, moment now) { return now.t + (t - now.utc); }

} // namespace

gate_memory quota_gate::save(moment now) const {
  gate_memory m;
  m.model = rules_.model;
  m.saved_at = now.utc;
  m.state = to_string(phase_);
  m.reason = reason_;
  if (phase_ == gate_phase::day_off)
    m.until = off_until_;
  else if (paused_until_ > now.t)
    m.until = to_utc(paused_until_, now);
  m.rpm = told_.rpm;
  m.tpm = told_.tpm;
  m.rpd = rpd_;
  m.day_count = day_count_;
  m.day_ends = day_ends_;
  m.strikes = strikes_;
  m.window = windows[static_cast<std::size_t>(ledger_.kind)];
  m.phase = std::fmod(std::chrono::duration<double>(
                          to_utc(ledger_.boundary, now).time_since_epoch())
                          .count(),
                      60.0);
  for (auto& e : ledger_.entries())
    m.ledger.push_back({to_utc(e.at, now), e.tokens});
  return m;
}

void quota_gate::restore(const gate_memory& m, moment now) {
  auto clock_set_back = now.utc < m.saved_at - std::chrono::seconds{5};
  if (!limits_.rpm)
    told_.rpm = limits_.rpm = m.rpm;
  if (!limits_.tpm)
    told_.tpm = limits_.tpm = m.tpm;
  if (!rpd_)
    rpd_ = m.rpd;
  strikes_ = m.strikes;
  day_count_ = m.day_count;
  day_ends_ = m.day_ends.value_or(utc_time{});
  for (auto& e : m.ledger)
    ledger_.debit(++serial_, std::min(from_utc(e.at, now), now.t), e.tokens);
  if (m.ledger.empty() && limits_.rpm) // lost: the worst is assumed
    for (auto n = std::min(*limits_.rpm, most_assumed); n >= 1; --n)
      ledger_.debit(++serial_, std::min(from_utc(m.saved_at, now), now.t), 0);
  if (m.window == windows[1]) {
    ledger_.kind = window_kind::fixed;
    auto into = std::fmod(
        std::chrono::duration<double>(now.utc.time_since_epoch()).count()
            - m.phase,
        60.0);
    ledger_.boundary = now.t - seconds_f{into};
  }
  phase_ = gate_phase::probe;
  if (m.state == to_string(gate_phase::blocked)) {
    // A restart may come with another key or plan: ask once.
    phase_ = gate_phase::probe;
  } else if (m.state == to_string(gate_phase::day_off) && m.until) {
    if (now.utc < *m.until) {
      phase_ = gate_phase::day_off;
      reason_ = "day";
      off_until_ = *m.until;
      off_reset_ = off_until_;
      canary_at_ = now.t + seconds_f{900};
    }
  } else if (m.until) {
    paused_until_ = from_utc(*m.until, now);
    if (clock_set_back)
      paused_until_ = std::min(paused_until_, now.t + seconds_f{60});
    if (paused_until_ > now.t)
      phase_ = gate_phase::paused;
  }
  roll_day(now);
}

gate_board quota_gate::board(moment now) const {
  gate_board b;
  b.model = rules_.model;
  b.state = to_string(phase_);
  b.reason = reason_;
  auto closed = std::max(paused_until_, breaker_until_);
  if (phase_ == gate_phase::day_off)
    b.paused_until = off_reset_;
  else if (closed > now.t)
    b.paused_until = to_utc(closed, now);
  if (breaker_until_ > now.t && b.reason.empty())
    b.reason = "unavailable";
  b.waiting = static_cast<int64_t>(queued_);
  b.in_flight = in_flight_;
  b.requests_in_window = static_cast<int64_t>(ledger_.count(now.t));
  b.tokens_in_window = ledger_.tokens(now.t);
  b.rpm = limits_.rpm;
  b.tpm = limits_.tpm;
  b.rpd = rpd_;
  b.day_requests = day_count_;
  if (day_ends_ != utc_time{})
    b.day_resets_at = day_ends_;
  for (auto& [batch, l] : lines_)
    if (!l.ids.empty())
      b.waiters.push_back(
          {batch, static_cast<int64_t>(l.ids.size()), to_utc(l.deadline, now)});
  std::sort(b.waiters.begin(), b.waiters.end(),
            [](auto& x, auto& y) { return x.deadline < y.deadline; });
  if (b.waiters.size() > most_waiters)
    b.waiters.resize(most_waiters);
  return b;
}

} // namespace vigie
