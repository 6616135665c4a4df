#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vigie {

/// How slow a client may send a body. Only time spent waiting for it counts.
struct pace_rule {
  std::chrono::milliseconds grace{10'000};   ///< Added to the first window.
  std::chrono::milliseconds window{30'000};  ///< Bytes are counted over this.
  std::chrono::milliseconds silence{10'000}; ///< The longest pause.
  uint64_t bytes_per_second = 1'024;         ///< The least rate of a window.
};

/// Judges one body against a pace_rule. Pure: waits are told, not measured.
class pace {
public:
  using span = std::chrono::microseconds;

  explicit pace(pace_rule rule)
      : rule_(rule), window_(rule.grace + rule.window) {}

  /// How long the next wait may last.
  span patience() const {
    return std::min<span>(rule_.silence, window_ - waited_);
  }

  /// `bytes` came after a wait of `waited`; false: the client is too slow.
  bool add(span waited, std::size_t bytes) {
    waited_ += waited;
    came_ += bytes;
    if (waited_ < window_)
      return bytes > 0;
    auto seconds = std::chrono::duration<double>(window_).count();
    auto least = static_cast<double>(rule_.bytes_per_second) * seconds;
    auto enough = static_cast<double>(came_) >= least;
    waited_ = span::zero();
    came_ = 0;
    window_ = rule_.window;
    return enough;
  }

private:
  pace_rule rule_;
  span window_;
  span waited_{0};
  uint64_t came_ = 0;
};

} // namespace vigie
