#include "domain/time.hpp"

#include <cstdio>
#include <string>

namespace vigie {

namespace {

std::string written(utc_time t, char between, const char* end) {
  using namespace std::chrono;
  auto day = floor<days>(t);
  auto date = year_month_day{day};
  auto clock = hh_mm_ss{t - day};
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u%c%02d:%02d:%02d.%06d%s",
                static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), between,
                static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()), end);
  return text;
}

} // namespace

std::string rfc3339(utc_time t) { return written(t, 'T', "Z"); }

std::string sql_time(utc_time t) { return written(t, ' ', ""); }

std::optional<utc_time> parse_time(std::string_view text) {
  using namespace std::chrono;
  auto copy = std::string{text};
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, used = 0;
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d%n", &y, &mo, &d,
                  &h, &mi, &s, &used)
      != 6)
    return std::nullopt;
  auto date = year{y} / month{static_cast<unsigned>(mo)}
              / day{static_cast<unsigned>(d)};
  if (!date.ok() || h > 23 || mi > 59 || s > 60)
    return std::nullopt;
  auto fraction = microseconds{0};
  auto at = static_cast<std::size_t>(used);
  if (at < copy.size() && copy[at] == '.') {
    auto unit = 100'000;
    for (++at; at < copy.size() && copy[at] >= '0' && copy[at] <= '9'; ++at) {
      fraction += microseconds{(copy[at] - '0') * unit};
      unit /= 10;
    }
  }
  return sys_days{date} + hours{h} + minutes{mi} + seconds{s} + fraction;
}

utc_time utc_now() {
  using namespace std::chrono;
  return floor<microseconds>(system_clock::now());
}

} // namespace vigie
