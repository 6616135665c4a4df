#include "tools/gemini_sim/scenario.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace vigie::sim {

namespace {

using nlohmann::json;

/// A value of the scenario file as it would be written behind an option.
std::optional<std::string> flat(const std::string& key, const json& value) {
  if (key == "latency" && value.is_array() && value.size() == 2)
    return value[0].dump() + "-" + value[1].dump();
  if (!value.is_array() && !value.is_object() && !value.is_null())
    return value.is_string() ? value.get<std::string>() : value.dump();
  if (!value.is_array() || (key != "sequence" && key != "models"))
    return std::nullopt;
  std::string out;
  for (auto& one : value) {
    if (!one.is_string())
      return std::nullopt;
    out += one.get<std::string>() + ",";
  }
  return out;
}

bool read_storms(scenario& s, const json& all) {
  if (!all.is_array())
    return false;
  for (auto& one : all) {
    if (!one.is_object())
      return false;
    double from = 0, to = 0, p = 1;
    for (auto& [key, value] : one.items()) {
      auto* field = key == "from"   ? &from
                    : key == "to"   ? &to
                    : key == "p503" ? &p
                                    : nullptr;
      if (!field || !value.is_number())
        return false;
      *field = value.get<double>();
    }
    if (!(from >= 0) || !(to > from) || !(p >= 0) || p > 1)
      return false;
    s.quota.storms.push_back({seconds{from}, seconds{to}, p});
  }
  return true;
}

} // namespace

std::optional<std::string> read_scenario(scenario& s, const std::string& file) {
  std::ifstream in{file};
  if (!in)
    return file + ": cannot read";
  auto j = json::parse(in, nullptr, false);
  if (!j.is_object())
    return file + ": not a JSON object";
  for (auto& [key, value] : j.items()) {
    if (key == "scenario")
      return file + ": a scenario names no other";
    if (key == "storms") {
      if (!read_storms(s, value))
        return file
               + ": storms: needs [{\"from\": 0, \"to\": 60, \"p503\": 1}]";
      continue;
    }
    auto text = flat(key, value);
    if (!text)
      return file + ": " + key + ": " + value.dump() + " does not fit";
    if (auto why = set_option(s, key, *text))
      return file + ": " + *why;
  }
  return std::nullopt;
}

} // namespace vigie::sim
