#include "tools/gemini_sim/scenario.hpp"

#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

namespace vigie::sim {

namespace {

std::optional<double> number(const std::string& text) {
  double x = 0;
  auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (bad != std::errc{} || end != text.data() + text.size() || !(x >= 0))
    return std::nullopt;
  return x;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in{text};
  for (std::string one; std::getline(in, one, ',');)
    if (!one.empty())
      out.push_back(one);
  return out;
}

constexpr double largest = 1e9;

enum class range { any, whole, share, positive };

struct numeric {
  double* to;
  range fits;
};

std::optional<numeric> number_named(scenario& s, const std::string& key) {
  std::map<std::string, numeric> all{
      {"rpm", {&s.quota.rpm, range::whole}},
      {"tpm", {&s.quota.tpm, range::whole}},
      {"rpd", {&s.quota.rpd, range::whole}},
      {"p503", {&s.quota.p503, range::share}},
      {"foreign_share", {&s.quota.foreign_share, range::share}},
      {"p_blocked", {&s.p_blocked, range::share}},
      {"p_truncated", {&s.p_truncated, range::share}},
      {"p_empty", {&s.p_empty, range::share}},
      {"time_scale", {&s.time_scale, range::positive}}};
  auto i = all.find(key);
  return i == all.end() ? std::nullopt : std::optional{i->second};
}

bool within(double x, range r) {
  switch (r) {
  case range::any:
    return x <= largest;
  case range::whole:
    return x <= largest && x == std::floor(x);
  case range::share:
    return x <= 1;
  case range::positive:
    return x > 0 && x <= largest;
  }
  return false;
}

/// Nothing when `key` names no number; else whether the value fits.
std::optional<bool> set_number(scenario& s, const std::string& key,
                               const std::string& value) {
  auto x = number(value);
  auto take = [&](range r, auto&& to) {
    if (!x || !within(*x, r))
      return false;
    to(*x);
    return true;
  };
  if (auto named = number_named(s, key))
    return take(named->fits, [&](double n) { *named->to = n; });
  if (key == "phase")
    return take(range::any, [&](double n) { s.quota.phase = seconds{n}; });
  if (key == "day_resets_at")
    return take(range::positive,
                [&](double n) { s.quota.day_resets_at = seconds{n}; });
  if (key == "seed")
    return take(range::whole,
                [&](double n) { s.seed = static_cast<uint64_t>(n); });
  if (key == "findings")
    return x && *x <= 2 && take(range::whole, [&](double n) {
             s.findings = static_cast<int>(n);
           });
  return std::nullopt;
}

bool set_latency(scenario& s, const std::string& text) {
  auto dash = text.find('-');
  auto least = number(text.substr(0, dash));
  auto most = dash == text.npos ? least : number(text.substr(dash + 1));
  if (!least || !most || *most < *least)
    return false;
  s.latency_min = *least;
  s.latency_max = *most;
  return true;
}

/// `429:37.2`: a reply that we can give, seconds where it takes them.
bool is_reply(const std::string& text) {
  static const std::set<std::string> plain{
      "ok",        "503",     "bare",     "blocked",   "truncated", "empty",
      "malformed", "bad-key", "no-model", "bad-image", "internal"};
  auto colon = text.find(':');
  auto name = text.substr(0, colon);
  if (colon == text.npos)
    return plain.count(name) > 0 || name == "429" || name == "429-day";
  auto told = number(text.substr(colon + 1));
  return told && *told <= largest
         && (name == "429" || name == "429-day" || name == "hang");
}

} // namespace

std::optional<std::string> set_option(scenario& s, const std::string& key,
                                      const std::string& value) {
  auto bad = [&] { return key + ": \"" + value + "\" does not fit"; };
  if (auto set = set_number(s, key, value))
    return *set ? std::nullopt : std::optional{bad()};
  if (key == "window") {
    std::map<std::string, window> kinds{{"sliding", window::sliding},
                                        {"fixed", window::fixed},
                                        {"bucket", window::bucket}};
    auto i = kinds.find(value);
    if (i == kinds.end())
      return bad();
    s.quota.kind = i->second;
  } else if (key == "variant") {
    if (value.size() != 1 || value[0] < 'A' || value[0] > 'M')
      return bad();
    s.quota.variant = value[0];
  } else if (key == "latency") {
    if (!set_latency(s, value))
      return bad();
  } else if (key == "sequence") {
    s.sequence = split(value);
    for (auto& one : s.sequence)
      if (!is_reply(one))
        return key + ": no such reply: \"" + one + "\"";
  } else if (key == "models") {
    s.models = split(value);
  } else if (key == "refusals_count" || key == "honest_day") {
    if (value != "true" && value != "false")
      return bad();
    (key == "honest_day" ? s.quota.honest_day : s.quota.refusals_count) =
        value == "true";
  } else if (key == "scenario") {
    return read_scenario(s, value);
  } else {
    return key + ": no such option";
  }
  return std::nullopt;
}

} // namespace vigie::sim
