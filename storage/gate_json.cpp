#include "storage/gate_json.hpp"

#include "storage/json_columns.hpp"

namespace vigie {

namespace {

using nlohmann::json;

json maybe(const std::optional<double>& x) { return x ? json(*x) : json{}; }

json maybe(const std::optional<utc_time>& t) {
  return t ? json(sql_time(*t)) : json{};
}

std::optional<double> number_at(const json& j, const char* key) {
  auto i = j.find(key);
  return i != j.end() && i->is_number() ? std::optional{i->get<double>()}
                                        : std::nullopt;
}

std::optional<utc_time> time_at(const json& j, const char* key) {
  auto i = j.find(key);
  return i != j.end() && i->is_string()
             ? parse_time(i->get_ref<const std::string&>())
             : std::nullopt;
}

} // namespace

std::string gate_json(const gate_memory& m) {
  json out{{"model", m.model},         {"saved_at", sql_time(m.saved_at)},
           {"state", m.state},         {"reason", m.reason},
           {"until", maybe(m.until)},  {"rpm", maybe(m.rpm)},
           {"tpm", maybe(m.tpm)},      {"rpd", maybe(m.rpd)},
           {"day_count", m.day_count}, {"day_ends", maybe(m.day_ends)},
           {"strikes", m.strikes},     {"window", m.window},
           {"phase", m.phase},         {"ledger", json::array()}};
  for (auto& e : m.ledger)
    out["ledger"].push_back({{"at", sql_time(e.at)}, {"tokens", e.tokens}});
  return dump(out);
}

std::optional<gate_memory> read_gate(const std::string& text) {
  try {
    auto j = json::parse(text);
    gate_memory m;
    m.model = j.at("model").get<std::string>();
    m.saved_at = time_at(j, "saved_at").value_or(utc_time{});
    m.state = j.at("state").get<std::string>();
    m.reason = j.at("reason").get<std::string>();
    m.until = time_at(j, "until");
    m.rpm = number_at(j, "rpm");
    m.tpm = number_at(j, "tpm");
    m.rpd = number_at(j, "rpd");
    m.day_count = j.at("day_count").get<int64_t>();
    m.day_ends = time_at(j, "day_ends");
    m.strikes = j.at("strikes").get<int>();
    m.window = j.at("window").get<std::string>();
    m.phase = number_at(j, "phase").value_or(0);
    for (auto& e : j.at("ledger"))
      if (auto at = time_at(e, "at"))
        m.ledger.push_back({*at, number_at(e, "tokens").value_or(0)});
    return m;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

} // namespace vigie
