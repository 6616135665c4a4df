#include "domain/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace vigie {

namespace {

/// The digits of `n` before `end`.
void put(char* end, unsigned n, int digits) {
  for (; digits > 0; --digits, n /= 10)
    *--end = static_cast<char>('0' + n % 10);
}

std::string written(utc_time t, char between, const char* end) {
  using namespace std::chrono;
  auto day = floor<days>(t);
  auto date = year_month_day{day};
  auto clock = hh_mm_ss{t - day};
  char text[] = "0000-00-00 00:00:00.000000";
  text[10] = between;
  auto part = [&](int until, auto n, int digits) {
    put(text + until, static_cast<unsigned>(n), digits);
  };
  part(4, static_cast<int>(date.year()), 4);
  part(7, static_cast<unsigned>(date.month()), 2);
  part(10, static_cast<unsigned>(date.day()), 2);
  part(13, clock.hours().count(), 2);
  part(16, clock.minutes().count(), 2);
  part(19, clock.seconds().count(), 2);
  part(26, clock.subseconds().count(), 6);
  return std::string{text} + end;
}

/// The next number of at most `digits` digits, taken off `text`.
std::optional<unsigned> number(std::string_view& text, std::size_t digits) {
  unsigned n = 0;
  auto begin = text.data();
  auto [end, bad] =
      std::from_chars(begin, begin + std::min(digits, text.size()), n);
  if (bad != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - begin));
  return n;
}

bool skip(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == any_of.npos)
    return false;
  text.remove_prefix(1);
  return true;
}

} // namespace

std::string rfc3339(utc_time t) { return written(t, 'T', "Z"); }

std::string sql_time(utc_time t) { return written(t, ' ', ""); }

std::optional<utc_time> parse_time(std::string_view text) {
  using namespace std::chrono;
  std::array<unsigned, 6> part{}; // year to second
  constexpr std::array<std::string_view, 6> before{"",   "-", "-",
                                                   "T ", ":", ":"};
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (i > 0 && !skip(text, before[i]))
      return std::nullopt;
    auto n = number(text, i == 0 ? 4 : 2);
    if (!n)
      return std::nullopt;
    part[i] = *n;
  }
  auto [y, mo, d, h, mi, s] = part;
  auto date = year{static_cast<int>(y)} / month{mo} / day{d};
  if (!date.ok() || h > 23 || mi > 59 || s > 60)
    return std::nullopt;
  auto fraction = microseconds{0};
  if (skip(text, "."))
    for (auto unit = 100'000;
         !text.empty() && text.front() >= '0' && text.front() <= '9';
         text.remove_prefix(1), unit /= 10)
      fraction += microseconds{(text.front() - '0') * unit};
  return sys_days{date} + hours{h} + minutes{mi} + seconds{s} + fraction;
}

utc_time utc_now() {
  using namespace std::chrono;
  return floor<microseconds>(system_clock::now());
}

} // namespace vigie
