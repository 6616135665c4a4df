#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace vigie::bench {

/// When rows of event_log became visible to a reader of their own: the moment
/// of their commit, at most 0.2 ms late.
class watch {
public:
  explicit watch(const std::string& database);
  ~watch();
  void stop();
  /// 0: was there before, or never seen. REQUIRES: stopped.
  int64_t seen(int64_t seq) const;

private:
  void run(const std::string& database);

  std::atomic<bool> ready_{false}, over_{false};
  int64_t first_ = 0;
  std::vector<int64_t> times_; ///< Of first_ + 1 and so on.
  std::thread thread_;
};

} // namespace vigie::bench
