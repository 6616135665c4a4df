// Who cannot make it any more, and who is told to wait (GEMINI.md 3.5, 3.8).

#include "domain/quota_gate.hpp"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

constexpr seconds_f shed_slack{60};
constexpr seconds_f call_time{1};
constexpr seconds_f told_again{60}; // about a minute that is full
constexpr seconds_f least_correction{5};

} // namespace

/// Would the first deadline be met, were its analysis served last? A quick yes
/// that needs no look at the queue: a window has room for `rpm` requests, and
/// what is in the ledger is out of it after one more.
bool quota_gate::all_in_time(moment now) const {
  constexpr seconds_f rounding{0.001};
  auto from = std::max(now.t, paused_until_);
  if (!ledger_.entries().empty())
    from = std::max(from, ledger_.entries().back().at);
  auto each_window = std::floor(std::max(1.0, *limits_.rpm));
  auto windows = 1 + std::floor(static_cast<double>(queued_ - 1) / each_window);
  auto last = from + windows * send_ledger::window + rounding;
  return last + call_time - shed_slack <= deadlines_.begin()->first.first;
}

void quota_gate::shed(moment now, gate_steps& out) {
  if (!limits_.rpm || queued_ == 0 || phase_ == gate_phase::day_off
      || all_in_time(now))
    return;
  std::vector<std::pair<instant, std::string>> order;
  for (auto& [batch, l] : lines_)
    if (!l.ids.empty())
      order.emplace_back(l.deadline, batch);
  std::sort(order.begin(), order.end());
  slot_walker slots{ledger_, std::max(now.t, paused_until_), *limits_.rpm};
  std::map<std::string, std::size_t> kept, dropped;
  std::vector<uint64_t> lost;
  auto slot = slots.next();
  for (auto& [deadline, batch] : order) {
    for (std::size_t n = lines_.at(batch).ids.size(); n > 0; --n) {
      ++kept[batch];
      if (slot + call_time - shed_slack <= deadline) {
        slot = slots.next();
        continue;
      }
      auto largest =
          std::max_element(kept.begin(), kept.end(), [](auto& a, auto& b) {
            return a.second < b.second;
          });
      auto& ids = lines_.at(largest->first).ids;
      --largest->second;
      lost.push_back(ids[ids.size() - ++dropped[largest->first]]);
    }
  }
  for (auto id : lost)
    finish(id, verdict_kind::quota_exceeded, "budget", out);
}

/// Told before, and what was told still holds, more or less: each correction
/// within the same minute has to be twice as large as the one before.
bool quota_gate::told_enough(const line& l, moment now, instant until) const {
  if (l.told == instant{})
    return false;
  auto fresh = l.told_once || now.t < l.told + told_again;
  auto slack = least_correction * std::exp2(std::min(l.corrections, 8));
  return fresh && until <= l.told_until + std::min(told_again, slack);
}

void quota_gate::tell(const std::string& batch, line& l, moment now,
                      hold_up what, gate_steps& out) {
  l.corrections = now.t < l.told + told_again ? l.corrections + 1 : 0;
  l.told_once = true;
  l.told = now.t;
  l.told_until = now.t + what.delay;
  what.batch = batch;
  what.attempt = all_.at(l.ids.front()).sends + 1;
  out.waiting.push_back(std::move(what));
}

void quota_gate::tell_held(moment now, seconds_f delay, gate_steps& out) {
  hold_up what;
  what.delay = delay;
  what.source = "ledger";
  for (auto& [batch, l] : lines_)
    if (!l.ids.empty() && !told_enough(l, now, now.t + delay))
      tell(batch, l, now, what, out);
}

void quota_gate::tell_all(moment now, const hold_up& what, gate_steps& out) {
  for (auto& [batch, l] : lines_)
    if (!l.ids.empty())
      tell(batch, l, now, what, out);
}

} // namespace vigie
