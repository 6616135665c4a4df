#include "remote/refusal_limiter.hpp"

#include <algorithm>

namespace vigie {

void refusal_limiter::refill(account& a, time now) const {
  auto passed = std::chrono::duration<double>(now - a.seen).count();
  if (passed <= 0)
    return;
  auto per_second = rules_.burst / static_cast<double>(rules_.refill.count());
  a.tokens = std::min(rules_.burst, a.tokens + passed * per_second);
  // At most one saved up: a trickle is no second burst.
  a.trickle = std::min(1.0, a.trickle + passed * rules_.trickle_per_second);
  a.seen = now;
}

bool refusal_limiter::admit(const std::string& address, time now) {
  auto& a = open(address, now);
  refill(a, now);
  auto& purse = a.tokens >= 1 ? a.tokens : a.trickle;
  if (purse < 1)
    return false;
  purse -= 1;
  return true;
}

void refusal_limiter::succeeded(const std::string& address, time now) {
  auto at = all_.find(address);
  if (at == all_.end())
    return;
  refill(at->second, now);
  at->second.tokens += 1;
  if (at->second.tokens >= rules_.burst)
    all_.erase(at);
}

refusal_limiter::account& refusal_limiter::open(const std::string& address,
                                                time now) {
  if (auto at = all_.find(address); at != all_.end())
    return at->second;
  if (all_.size() >= rules_.most_addresses) {
    // The one that owes least is forgotten.
    for (auto& entry : all_)
      refill(entry.second, now);
    all_.erase(std::max_element(all_.begin(), all_.end(), [](auto& x, auto& y) {
      return x.second.tokens < y.second.tokens;
    }));
  }
  return all_.emplace(address, account{rules_.burst, 1, now}).first->second;
}

} // namespace vigie
