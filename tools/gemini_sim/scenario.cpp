#include "tools/gemini_sim/scenario.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

namespace vigie::sim {

namespace {

using nlohmann::json;

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

bool set_number(scenario& s, const std::string& key, double x) {
  std::map<std::string, double*> all{{"rpm", &s.quota.rpm},
                                     {"tpm", &s.quota.tpm},
                                     {"rpd", &s.quota.rpd},
                                     {"p503", &s.quota.p503},
                                     {"foreign_share", &s.quota.foreign_share},
                                     {"p_blocked", &s.p_blocked},
                                     {"p_truncated", &s.p_truncated},
                                     {"p_empty", &s.p_empty},
                                     {"time_scale", &s.time_scale}};
  if (auto i = all.find(key); i != all.end())
    *i->second = x;
  else if (key == "phase")
    s.quota.phase = seconds{x};
  else if (key == "day_resets_at")
    s.quota.day_resets_at = seconds{x};
  else if (key == "seed")
    s.seed = static_cast<uint64_t>(x);
  else
    return false;
  return true;
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

} // namespace

std::optional<std::string> set_option(scenario& s, const std::string& key,
                                      const std::string& value) {
  auto bad = [&] { return key + ": \"" + value + "\" does not fit"; };
  if (auto x = number(value); x && set_number(s, key, *x))
    return key == "time_scale" && *x == 0 ? std::optional{bad()} : std::nullopt;
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
    return number(value) ? key + ": no such option" : bad();
  }
  return std::nullopt;
}

std::optional<std::string> read_scenario(scenario& s, const std::string& file) {
  std::ifstream in{file};
  auto j = json::parse(in, nullptr, false);
  if (!j.is_object())
    return file + " is not a JSON object";
  for (auto& [key, value] : j.items()) {
    std::string text;
    if (key == "storms" && value.is_array()) {
      for (auto& one : value)
        s.quota.storms.push_back({seconds{one.value("from", 0.0)},
                                  seconds{one.value("to", 0.0)},
                                  one.value("p503", 1.0)});
      continue;
    }
    if (key == "latency" && value.is_array() && value.size() == 2)
      text = value[0].dump() + "-" + value[1].dump();
    else if (value.is_array())
      for (auto& one : value)
        text += (one.is_string() ? one.get<std::string>() : one.dump()) + ",";
    else
      text = value.is_string() ? value.get<std::string>() : value.dump();
    if (auto why = set_option(s, key, text))
      return file + ": " + *why;
  }
  return std::nullopt;
}

} // namespace vigie::sim
