#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vigie::sim {

using seconds = std::chrono::duration<double>;

enum class window { sliding, fixed, bucket };

/// A time in which the service fails with a given probability.
struct storm {
  seconds from{}, to{};
  double p503 = 1;
};

/// What the pretended project may do.
struct quota_options {
  double rpm = 15; ///< 0: no limit.
  double tpm = 0;  ///< 0: no limit.
  double rpd = 0;  ///< 0: no limit.
  window kind = window::sliding;
  seconds phase{}; ///< Of the fixed minute.
  seconds day_resets_at{86'400};
  bool honest_day = false;     ///< Tell the time to the reset; else 36 s.
  bool refusals_count = false; ///< A refused request uses quota too.
  double foreign_share = 0;    ///< Somebody else's part of the rpm.
  double p503 = 0;
  std::vector<storm> storms;
  double time_scale = 1; ///< Delays are told in real seconds.
  char variant = 'A';    ///< Of the 429: docs/operations.md names them.
  std::string model = "gemini-3.8-flash";
};

struct verdict {
  int http = 200;
  std::string body; ///< Of a refusal; empty for 200.
};

/// The project's quota, counted as Google might count it. Pure: time and draws
/// are arguments. Not thread-safe.
class quota_model {
public:
  using draw = std::function<double()>; ///< U[0, 1)

  explicit quota_model(quota_options options);
  verdict arrive(seconds now, double tokens, const draw& u);
  /// Until one request would pass; nothing drawn, nothing counted.
  seconds wait(seconds now);
  int64_t admitted() const { return admitted_; }
  int64_t foreign() const { return foreign_; }
  const quota_options& options() const { return options_; }

private:
  void foreigners(seconds now, const draw& u);
  void advance(seconds now);
  void count(seconds now, double tokens);
  bool requests_full() const;
  seconds until_free(seconds now) const;

  quota_options options_;
  struct entry {
    seconds at;
    double tokens;
  };
  std::deque<entry> taken_;
  double level_ = 0;
  seconds level_at_{};
  int64_t day_used_ = 0;
  seconds day_end_{};
  seconds next_foreign_{-1};
  int64_t admitted_ = 0, foreign_ = 0;
};

/// The 429 of one variant; `told` is the exact delay.
std::string refusal_body(char variant, const std::string& quota_id,
                         const std::string& metric, int64_t value,
                         const std::string& model, seconds told);
std::string unavailable_body();

} // namespace vigie::sim
