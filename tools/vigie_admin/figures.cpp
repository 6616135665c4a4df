#include "tools/vigie_admin/figures.hpp"

#include <cmath>
#include <cstdio>

namespace vigie {

namespace {

std::string with_commas(uint64_t n) {
  auto out = std::to_string(n);
  for (auto i = out.size(); i > 3; i -= 3)
    out.insert(i - 3, ",");
  return out;
}

std::string tenths(double x, const char* unit) {
  char out[48];
  std::snprintf(out, sizeof out, "%.1f%s", x, unit);
  return out;
}

} // namespace

std::string brief(std::chrono::milliseconds t) {
  auto ms = t.count();
  auto s = static_cast<double>(ms) / 1e3;
  if (ms < 1'000)
    return std::to_string(ms) + " ms";
  if (ms < 100'000)
    return tenths(s, " s");
  if (ms < 100 * 60'000)
    return std::to_string(ms / 60'000) + " min";
  if (ms < 100 * 3'600'000LL)
    return tenths(s / 3'600, " h");
  return std::to_string(ms / 86'400'000) + " d";
}

std::string brief_rate(double per_second) {
  if (!(per_second >= 0.05)) // not a number, too
    return "0";
  if (per_second < 100)
    return tenths(per_second, "");
  return with_commas(static_cast<uint64_t>(std::lround(per_second)));
}

std::string brief_bytes(uint64_t n) {
  if (n < 1'000)
    return std::to_string(n) + " B";
  auto x = static_cast<double>(n);
  for (auto* unit : {" kB", " MB", " GB"})
    if ((x /= 1'000) < 1'000)
      return tenths(x, unit);
  return tenths(x / 1'000, " TB");
}

std::string counted(uint64_t n, const std::string& what) {
  auto batch = what.size() > 2 && what.ends_with("ch");
  return with_commas(n) + " " + what + (n == 1 ? "" : batch ? "es" : "s");
}

std::string who(const actor_view& a) {
  return a.number == 0 ? a.kind : a.kind + " " + std::to_string(a.number);
}

std::string state_of(const actor_view& a) {
  if (a.silent)
    return "no answer " + brief(*a.silent);
  return (a.busy ? "busy " : "idle ") + brief(a.since);
}

std::string of(double used, const std::optional<double>& most) {
  auto whole = [](double x) { return std::to_string(std::llround(x)); };
  return most ? whole(used) + "/" + whole(*most) : whole(used);
}

} // namespace vigie
