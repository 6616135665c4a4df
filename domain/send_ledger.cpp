#include "domain/send_ledger.hpp"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

constexpr seconds_f minute{60};
constexpr seconds_f margin{0.25};

} // namespace

void send_ledger::debit(uint64_t id, instant at, double tokens) {
  forget_before(at - window);
  entries_.push_back({id, at, tokens, false});
  level -= 1;
}

send_ledger::entry* send_ledger::find(uint64_t id) {
  auto i = std::find_if(entries_.rbegin(), entries_.rend(),
                        [&](auto& e) { return e.id == id; });
  return i == entries_.rend() ? nullptr : &*i;
}

void send_ledger::refund(uint64_t id) {
  auto i = std::find_if(entries_.begin(), entries_.end(),
                        [&](auto& e) { return e.id == id; });
  if (i == entries_.end())
    return;
  entries_.erase(i);
  level += 1;
}

void send_ledger::mark_refused(uint64_t id) {
  if (auto* e = find(id))
    e->refused = true;
}

void send_ledger::settle(uint64_t id, double tokens) {
  if (auto* e = find(id))
    e->tokens = tokens;
}

void send_ledger::forget_before(instant t) {
  while (!entries_.empty() && entries_.front().at < t)
    entries_.pop_front();
}

seconds_f send_ledger::wait(instant now, double tokens,
                            const quota_limits& limits) const {
  seconds_f longest{0};
  if (limits.rpm) {
    auto rpm = std::max(1.0, std::floor(*limits.rpm));
    longest = kind == window_kind::fixed    ? wait_fixed(now, rpm)
              : kind == window_kind::bucket ? wait_bucket(now, rpm)
                                            : wait_sliding(now, rpm);
  }
  if (limits.tpm)
    longest = std::max(longest, wait_tokens(now, tokens, *limits.tpm));
  return longest;
}

seconds_f send_ledger::wait_sliding(instant now, double rpm) const {
  auto n = static_cast<std::size_t>(rpm);
  if (entries_.size() < n)
    return seconds_f{0};
  auto free_at = entries_[entries_.size() - n].at + window;
  return std::max(seconds_f{0}, seconds_f{free_at - now});
}

seconds_f send_ledger::wait_fixed(instant now, double rpm) const {
  auto into = std::fmod((now - boundary).count(), minute.count());
  if (into < 0)
    into += minute.count();
  auto begun = now - seconds_f{into};
  auto used = std::count_if(entries_.begin(), entries_.end(),
                            [&](auto& e) { return e.at >= begun; });
  if (static_cast<double>(used) < rpm)
    return seconds_f{0};
  return begun + minute + margin - now;
}

seconds_f send_ledger::wait_bucket(instant now, double rpm) const {
  auto per_second = rpm / minute.count();
  auto here = std::min(rpm, level + (now - level_at).count() * per_second);
  return here >= 1 ? seconds_f{0} : seconds_f{(1 - here) / per_second} + margin;
}

seconds_f send_ledger::wait_tokens(instant now, double tokens,
                                   double tpm) const {
  auto used = this->tokens(now);
  for (auto& e : entries_) {
    if (used + tokens <= tpm)
      return seconds_f{0};
    if (e.at + window <= now)
      continue;
    used -= e.tokens;
    if (used + tokens <= tpm || used <= 0)
      return e.at + window - now;
  }
  return seconds_f{0}; // larger than the quota itself: the server decides
}

std::optional<seconds_f> send_ledger::predicted_delay(instant now,
                                                      double rpm) const {
  auto n = static_cast<std::size_t>(rpm);
  std::deque<instant> taken;
  for (auto& e : entries_)
    if (!e.refused)
      taken.push_back(e.at);
  if (n == 0 || taken.size() < n)
    return std::nullopt;
  return taken[taken.size() - n] + minute - now;
}

std::size_t send_ledger::count(instant now) const {
  return static_cast<std::size_t>(
      std::count_if(entries_.begin(), entries_.end(),
                    [&](auto& e) { return e.at + window > now; }));
}

double send_ledger::tokens(instant now) const {
  double sum = 0;
  for (auto& e : entries_)
    if (e.at + window > now)
      sum += e.tokens;
  return sum;
}

slot_walker::slot_walker(const send_ledger& ledger, instant from, double rpm)
    : last_(from), rpm_(static_cast<std::size_t>(std::max(1.0, rpm))) {
  for (auto& e : ledger.entries())
    recent_.push_back(e.at);
}

instant slot_walker::next() {
  while (recent_.size() > rpm_)
    recent_.pop_front();
  if (recent_.size() == rpm_)
    last_ = std::max(last_, recent_.front() + send_ledger::window);
  recent_.push_back(last_);
  return last_;
}

} // namespace vigie
