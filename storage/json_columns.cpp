#include "storage/json_columns.hpp"

namespace vigie {

namespace {

using nlohmann::json;

json read(const std::optional<std::string>& text) {
  return text ? json::parse(*text, nullptr, false) : json{};
}

template <class T>
T field(const json& j, const char* key, T otherwise) {
  auto i = j.find(key);
  if (i == j.end())
    return otherwise;
  try {
    return i->get<T>();
  } catch (const json::exception&) {
    return otherwise;
  }
}

/// A value of the old server may be of any type; ours are strings.
std::string as_text(const json& j) {
  return j.is_string() ? j.get<std::string>() : dump(j);
}

} // namespace

std::string dump(const json& j) {
  return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

json to_json(const facts& x) {
  auto out = json::object();
  for (auto& [key, value] : x)
    std::visit([&out, &name = key](auto& v) { out[name] = v; }, value);
  return out;
}

std::string event_json(const batch_id& id, const event_draft& e,
                       const std::string& event_id,
                       std::optional<int> progress) {
  json out{{"batchId", id.text}};
  if (e.status)
    out["status"] = to_string(*e.status);
  if (e.deleted)
    out["status"] = "deleted";
  if (e.error)
    out["error"] = *e.error;
  if (e.report_hash)
    out["reportHash"] = *e.report_hash;
  if (e.report_url)
    out["reportUrl"] = *e.report_url;
  if (!e.code.empty()) {
    json stage{{"eventId", event_id},
               {"code", e.code},
               {"label", e.label},
               {"kind", to_string(e.kind)},
               {"timestamp", rfc3339(e.at)},
               {"details", to_json(e.details)},
               {"technicalDetails", to_json(e.technical)}};
    stage["progress"] = progress ? json(*progress) : json{};
    out["stage"] = std::move(stage);
  }
  return dump(out);
}

std::string metadata_json(const file_metadata& x) {
  auto out = json::object();
  for (auto& [key, value] : x.extra)
    out[key] = value;
  out["captured_at"] = x.captured_at ? json(*x.captured_at) : json{};
  out["camera"] = x.camera ? json(*x.camera) : json{};
  out["gps"] = x.gps ? json{{"latitude", x.gps->latitude},
                            {"longitude", x.gps->longitude}}
                     : json{};
  return dump(out);
}

std::optional<std::string> warnings_json(const std::vector<warning>& x) {
  if (x.empty())
    return std::nullopt;
  auto out = json::array();
  for (auto& w : x)
    out.push_back({{"code", w.code}, {"message", w.message}});
  return dump(out);
}

std::vector<warning> read_warnings(const std::optional<std::string>& text) {
  std::vector<warning> out;
  for (auto& w : read(text))
    if (w.is_object())
      out.push_back({field<std::string>(w, "code", ""),
                     field<std::string>(w, "message", "")});
  return out;
}

std::optional<std::string> box_json(const std::optional<box>& x) {
  if (!x)
    return std::nullopt;
  return dump(json::array({x->x1, x->y1, x->x2, x->y2}));
}

std::optional<box> read_box(const std::optional<std::string>& text) {
  auto j = read(text);
  if (!j.is_array() || j.size() != 4)
    return std::nullopt;
  for (auto& n : j)
    if (!n.is_number())
      return std::nullopt;
  return box{j[0].get<double>(), j[1].get<double>(), j[2].get<double>(),
             j[3].get<double>()};
}

std::optional<std::string>
extra_json(const std::map<std::string, std::string>& x) {
  if (x.empty())
    return std::nullopt;
  return dump(json(x));
}

std::map<std::string, std::string>
read_extra(const std::optional<std::string>& text) {
  std::map<std::string, std::string> out;
  auto j = read(text);
  if (j.is_object())
    for (auto& [key, value] : j.items())
      out[key] = as_text(value);
  return out;
}

std::optional<std::string> strings_json(const std::vector<std::string>& x) {
  if (x.empty())
    return std::nullopt;
  return dump(json(x));
}

std::vector<std::string> read_strings(const std::optional<std::string>& text) {
  std::vector<std::string> out;
  auto j = read(text);
  if (j.is_array())
    for (auto& s : j)
      out.push_back(as_text(s));
  return out;
}

std::string breakdown_json(const std::vector<risk_line>& x) {
  auto out = json::array();
  for (auto& line : x)
    out.push_back({{"label", line.label},
                   {"severity", to_string(line.severity)},
                   {"count", line.count},
                   {"score", line.score}});
  return dump(out);
}

std::vector<risk_line> read_breakdown(const std::optional<std::string>& text) {
  std::vector<risk_line> out;
  for (auto& j : read(text))
    if (j.is_object())
      out.push_back({field<std::string>(j, "label", "general"),
                     parse_severity(field<std::string>(j, "severity", "low"))
                         .value_or(severity::low),
                     field<int64_t>(j, "count", 0),
                     field<double>(j, "score", 0)});
  return out;
}

} // namespace vigie
