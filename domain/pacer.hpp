#pragma once

#include <algorithm>
#include <chrono>

namespace vigie {

struct pace_rules {
  double per_second = 2'000;
  double burst = 256;
};

/// A bucket of tokens that may be overdrawn: what has been read is counted
/// afterwards, then nothing more is read until the debt is paid. Pure.
class pacer {
public:
  using time = std::chrono::steady_clock::time_point;

  pacer(pace_rules rules, time now)
      : rules_(rules), tokens_(rules.burst), seen_(now) {}

  void spend(double n) { tokens_ -= n; }

  /// How long nothing may be read; zero: go on.
  std::chrono::milliseconds rest(time now) {
    auto passed = std::chrono::duration<double>(now - seen_).count();
    seen_ = std::max(seen_, now);
    tokens_ = std::min(rules_.burst,
                       tokens_ + std::max(0.0, passed) * rules_.per_second);
    if (tokens_ > 0)
      return std::chrono::milliseconds{0};
    return std::chrono::ceil<std::chrono::milliseconds>(
        std::chrono::duration<double>((1 - tokens_) / rules_.per_second));
  }

private:
  pace_rules rules_;
  double tokens_;
  time seen_;
};

} // namespace vigie
