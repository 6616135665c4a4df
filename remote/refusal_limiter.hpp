#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace vigie {

struct refusal_rules {
  double burst = 10;               ///< Failed handshakes before it counts.
  std::chrono::seconds refill{60}; ///< Until the burst is whole again.
  double trickle_per_second = 100; ///< Let in all the same, per address.
  std::size_t most_addresses = 4'096;
};

/// How much handshake work an address may cost. A handshake takes a token and
/// a good one gives it back; an address without tokens is still let in a few
/// times a second, for a good node may share it with a bad one (a NAT, the
/// loopback address). Pure: time is an argument. Not thread-safe.
class refusal_limiter {
public:
  using time = std::chrono::steady_clock::time_point;

  explicit refusal_limiter(refusal_rules rules = {}) : rules_(rules) {}

  /// Whether a handshake with this address may begin now; then it takes a
  /// token.
  bool admit(const std::string& address, time now);
  /// The handshake was a good one.
  void succeeded(const std::string& address, time now);
  std::size_t size() const { return all_.size(); }

private:
  struct account {
    double tokens, trickle;
    time seen;
  };

  void refill(account& a, time now) const;
  account& open(const std::string& address, time now);

  refusal_rules rules_;
  std::map<std::string, account> all_; ///< Only those that owe.
};

} // namespace vigie
