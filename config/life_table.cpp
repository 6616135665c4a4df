// The sections `server`, `admission`, `retention`: one row for each option.

#include "config/table.hpp"
#include "config/texts.hpp"

#include <cmath>

namespace vigie {

namespace {

/// Parts of a day are for trials; less than a second would be off.
verdict days(std::chrono::seconds& to, const std::string& text) {
  double x = 0;
  if (auto bad = number(x, text, 0.0, 36'500.0))
    return bad;
  auto n = std::lround(x * 86'400);
  if (x > 0 && n == 0)
    return "\"" + text + "\" is less than a second; 0: off";
  to = std::chrono::seconds{n};
  return std::nullopt;
}

option max_age() {
  return {"retention.max_age_days",
          [](settings& s, const std::string& text) {
            return days(s.retention.max_age, text);
          },
          [](const settings& s) {
            return in_toml(static_cast<double>(s.retention.max_age.count())
                           / 86'400);
          }};
}

} // namespace

std::vector<option> life_options() {
  using server = decltype(settings::server);
  using admission = decltype(settings::admission);
  using retention = decltype(settings::retention);
  const section life{"server", &settings::server};
  const section entry{"admission", &settings::admission};
  const section keep{"retention", &settings::retention};
  return {
      life("drain_seconds", &server::drain, seconds_within(0, 3'600)),
      entry("max_unfinished", &admission::max_unfinished,
            within(std::size_t{1}, most_things)),
      entry("max_unfinished_bytes", &admission::max_unfinished_bytes,
            within(uint64_t{0}, most_bytes)),
      max_age(),
      keep("disk_high_percent", &retention::disk_high_percent, within(0, 99)),
      keep("disk_low_percent", &retention::disk_low_percent, within(0, 98)),
      keep("period_seconds", &retention::period, seconds_within(1, 86'400)),
  };
}

} // namespace vigie
