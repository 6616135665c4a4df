// Who cannot make it any more, and who is told to wait (GEMINI.md 3.5, 3.8).

#include "domain/quota_gate.hpp"

#include <algorithm>

namespace vigie {

namespace {

constexpr seconds_f shed_slack{60};
constexpr seconds_f call_time{1};
constexpr seconds_f told_again{60}; // about a minute that is full

} // namespace

void quota_gate::shed(moment now, gate_steps& out) {
  if (!limits_.rpm || queued_ == 0 || phase_ == gate_phase::day_off)
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

void quota_gate::tell_held(moment now, seconds_f delay, gate_steps& out) {
  for (auto& [batch, l] : lines_) {
    if (l.ids.empty() || l.told_once
        || (l.told != instant{} && now.t < l.told + told_again))
      continue;
    l.told_once = true;
    l.told = now.t;
    hold_up what;
    what.batch = batch;
    what.delay = delay;
    what.attempt = all_.at(l.ids.front()).sends + 1;
    what.source = "ledger";
    out.waiting.push_back(std::move(what));
  }
}

void quota_gate::tell_all(moment now, hold_up what, gate_steps& out) {
  for (auto& [batch, l] : lines_) {
    if (l.ids.empty())
      continue;
    l.told_once = true;
    l.told = now.t;
    what.batch = batch;
    what.attempt = all_.at(l.ids.front()).sends + 1;
    out.waiting.push_back(what);
  }
}

} // namespace vigie
