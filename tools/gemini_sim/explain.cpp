#include "tools/gemini_sim/explain.hpp"

#include "http/gemini_reply.hpp"

#include <nlohmann/json.hpp>

#include <istream>
#include <ostream>
#include <string>

namespace vigie::sim {

namespace {

using nlohmann::json;

json told(const model_reply& r) {
  return {{"kind", to_string(r.kind)},
          {"delay", r.delay ? json(r.delay->count()) : json{}},
          {"dim", r.dim == quota_dim::none ? json{} : json(to_string(r.dim))},
          {"value", r.value ? json(*r.value) : json{}}};
}

bool readable(const json& j) {
  auto in_range = [](const json& x) {
    return x.is_number_integer() && x >= 0 && x <= 599;
  };
  return j.is_object() && j.contains("http") && in_range(j["http"])
         && j.contains("body") && j["body"].is_string();
}

} // namespace

int explain(std::istream& in, std::ostream& out) {
  int bad = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == line.npos)
      continue;
    auto j = json::parse(line, nullptr, false);
    if (!readable(j)) {
      out << json{{"error", "not {\"http\": 0 to 599, \"body\": str}"}}.dump()
          << std::endl;
      bad = 1;
      continue;
    }
    auto r =
        classify(j["http"].get<int>(), j["body"].get_ref<const std::string&>());
    out << told(r).dump() << std::endl;
  }
  return bad;
}

} // namespace vigie::sim
