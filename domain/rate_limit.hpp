#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

namespace vigie {

/// So many a second on average, and so many at once.
struct rate {
  double per_second = 0; ///< 0: no limit.
  double burst = 1;
};

/// A token bucket per key. Holds at most `most_keys`: the one asked for longest
/// ago is forgotten, which only ever forgives. Pure: the time is told, and must
/// not run backwards. Not thread-safe.
class rate_limit {
public:
  using instant = std::chrono::steady_clock::time_point;

  explicit rate_limit(rate r, std::size_t most_keys = 10'000)
      : rate_(r), most_keys_(most_keys) {}

  /// Takes one; else answers how long until there is one again.
  std::chrono::seconds take(const std::string& key, instant now) {
    if (rate_.per_second <= 0)
      return std::chrono::seconds{0};
    auto& b = bucket_of(key, now);
    std::chrono::duration<double> gone = now - b.at;
    b.left = std::min(rate_.burst, b.left + gone.count() * rate_.per_second);
    b.at = now;
    if (b.left < 1) {
      auto wait = std::ceil((1 - b.left) / rate_.per_second);
      return std::chrono::seconds{static_cast<long>(wait)};
    }
    b.left -= 1;
    return std::chrono::seconds{0};
  }

  std::size_t keys() const { return buckets_.size(); }

private:
  struct bucket {
    std::string key;
    double left;
    instant at;
  };

  bucket& bucket_of(const std::string& key, instant now) {
    if (auto known = index_.find(key); known != index_.end()) {
      buckets_.splice(buckets_.begin(), buckets_, known->second);
      return buckets_.front();
    }
    if (buckets_.size() == most_keys_) {
      index_.erase(buckets_.back().key);
      buckets_.pop_back();
    }
    buckets_.push_front({key, rate_.burst, now});
    index_[key] = buckets_.begin();
    return buckets_.front();
  }

  rate rate_;
  std::size_t most_keys_;
  std::list<bucket> buckets_; ///< Asked for last first.
  std::unordered_map<std::string, std::list<bucket>::iterator> index_;
};

} // namespace vigie
