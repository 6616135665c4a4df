#include "tools/gemini_sim/quota_model.hpp"

#include <algorithm>
#include <cmath>

namespace vigie::sim {

namespace {

constexpr seconds minute{60};
constexpr seconds day{86'400};
constexpr seconds misleading{36.429760048};

} // namespace

quota_model::quota_model(quota_options options)
    : options_(std::move(options)), level_(options_.rpm),
      day_end_(options_.day_resets_at) {
  // nop
}

void quota_model::advance(seconds now) {
  while (now >= day_end_) {
    day_end_ += day;
    day_used_ = 0;
  }
  auto begun = now - minute;
  if (options_.kind == window::fixed) {
    auto into = std::fmod((now - options_.phase).count(), minute.count());
    if (into < 0)
      into += minute.count();
    begun = now - seconds{into};
  }
  while (!taken_.empty()
         && (options_.kind == window::fixed ? taken_.front().at < begun
                                            : taken_.front().at <= begun))
    taken_.pop_front();
  auto rate = options_.rpm / minute.count();
  level_ = std::min(std::max(1.0, options_.rpm),
                    level_ + (now - level_at_).count() * rate);
  level_at_ = now;
}

bool quota_model::requests_full() const {
  if (options_.rpm <= 0)
    return false;
  return options_.kind == window::bucket
             ? level_ < 1
             : static_cast<double>(taken_.size()) >= options_.rpm;
}

seconds quota_model::until_free(seconds now) const {
  double tokens = 0;
  for (auto& e : taken_)
    tokens += e.tokens;
  auto over = options_.tpm > 0 && tokens >= options_.tpm;
  if (options_.rpm <= 0 && !over)
    return seconds{0};
  if (options_.rpm > 0 && options_.kind == window::bucket) {
    auto rate = options_.rpm / minute.count();
    auto w = level_ >= 1 ? seconds{0} : seconds{(1 - level_) / rate};
    return over ? std::max(w, taken_.front().at + minute - now) : w;
  }
  auto full = requests_full();
  if (!full && !over)
    return seconds{0};
  if (options_.kind == window::fixed) {
    auto into = std::fmod((now - options_.phase).count(), minute.count());
    if (into < 0)
      into += minute.count();
    return minute - seconds{into};
  }
  auto n = static_cast<std::size_t>(std::ceil(options_.rpm));
  auto first = full ? taken_[taken_.size() - n].at : taken_.front().at;
  return first + minute - now;
}

void quota_model::count(seconds now, double tokens) {
  taken_.push_back({now, tokens});
  level_ -= 1;
  ++day_used_;
}

void quota_model::foreigners(seconds now, const draw& u) {
  if (options_.foreign_share <= 0 || options_.rpm <= 0)
    return;
  auto rate = options_.rpm * options_.foreign_share / minute.count();
  auto gap = [&] { return seconds{-std::log(1 - u()) / rate}; };
  if (next_foreign_ < seconds{0})
    next_foreign_ = gap();
  while (next_foreign_ <= now) {
    advance(next_foreign_);
    if (until_free(next_foreign_) <= seconds{0}) {
      count(next_foreign_, 0);
      ++foreign_;
    }
    next_foreign_ += gap();
  }
}

seconds quota_model::wait(seconds now) {
  advance(now);
  return until_free(now);
}

verdict quota_model::arrive(seconds now, double tokens, const draw& u) {
  foreigners(now, u);
  advance(now);
  auto p = options_.p503;
  for (auto& s : options_.storms)
    if (now >= s.from && now < s.to)
      p = s.p503;
  if (p > 0 && u() < p)
    return {503, unavailable_body()};
  if (options_.rpd > 0 && static_cast<double>(day_used_) >= options_.rpd) {
    auto told = (options_.honest_day ? day_end_ - now : misleading)
                / options_.time_scale;
    return {429, refusal_body(
                     options_.variant,
                     "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
                     "generate_content_free_tier_requests",
                     static_cast<int64_t>(options_.rpd), options_.model, told)};
  }
  auto wait = until_free(now);
  if (wait <= seconds{0}) {
    count(now, tokens);
    ++admitted_;
    return {};
  }
  if (options_.refusals_count)
    count(now, 0);
  wait /= options_.time_scale;
  auto requests = requests_full();
  return {429,
          requests
              ? refusal_body(
                  options_.variant,
                  "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
                  "generate_content_free_tier_requests",
                  static_cast<int64_t>(options_.rpm), options_.model, wait)
              : refusal_body(
                  options_.variant,
                  "GenerateContentInputTokensPerModelPerMinute-FreeTier",
                  "generate_content_free_tier_input_token_count",
                  static_cast<int64_t>(options_.tpm), options_.model, wait)};
}

} // namespace vigie::sim
