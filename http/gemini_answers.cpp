#include "http/gemini_answers.hpp"

#include "domain/cut.hpp"
#include "http/flat_json.hpp"

#include <algorithm>
#include <map>

namespace vigie {

namespace {

using nlohmann::json;

constexpr std::size_t most_bytes = 4u << 20;
constexpr std::size_t most_items = 50;
constexpr std::size_t most_words = 1'000;
constexpr std::size_t most_prose = 8'000;

problem unfit() {
  return {code::internal, "The model's answer does not match the schema"};
}

/// Without the ``` fence that models like to put around their JSON.
json parse(std::string_view text) {
  auto begin = text.find('{');
  auto end = text.rfind('}');
  if (begin == text.npos || end == text.npos || end < begin)
    return json(json::value_t::discarded);
  return flat_json(text.substr(begin, end - begin + 1), most_bytes, 31);
}

std::string text_at(const json& j, const char* key, std::size_t most) {
  auto i = j.find(key);
  return i != j.end() && i->is_string() ? cut(i->get<std::string>(), most)
                                        : std::string{};
}

std::vector<std::string> texts_at(const json& j, const char* key) {
  std::vector<std::string> out;
  auto i = j.find(key);
  if (i != j.end() && i->is_array())
    for (auto& x : *i)
      if (x.is_string() && out.size() < most_items)
        out.push_back(cut(x.get<std::string>(), most_words));
  return out;
}

/// What a type of vulnerability counts as. A structural fault or a missing
/// sign is a question of fire safety (exits, loads); a weak perimeter and
/// unknown persons one of malicious acts.
const std::map<std::string, std::string>& categories() {
  static const std::map<std::string, std::string> all{
      {"perimeter", "malveillance"}, {"access", "access_control"},
      {"fire", "incendie"},          {"structural", "incendie"},
      {"signage", "incendie"},       {"personnel", "malveillance"},
      {"hygiene", "hygiene"},        {"cyber", "cyber"}};
  return all;
}

observation seen(const std::string& filename, const std::string& type,
                 severity how_bad, utc_time now) {
  auto known = categories().find(type);
  observation o;
  o.filename = filename;
  o.source = "gemini";
  o.severity = how_bad;
  o.label = "security_" + (known == categories().end() ? "other" : type);
  o.class_name = known == categories().end() ? "other" : type;
  o.extra["category"] =
      known == categories().end() ? "malveillance" : known->second;
  o.created_at = now;
  return o;
}

observation vulnerability(const json& v, const std::string& filename,
                          utc_time now) {
  auto how_bad =
      parse_severity(text_at(v, "severity", 20)).value_or(severity::medium);
  auto o = seen(filename, text_at(v, "type", 40), how_bad, now);
  for (auto key : {"description", "location", "recommendation"})
    if (auto text = text_at(v, key, most_words); !text.empty())
      o.extra[key] = text;
  // Where it is, as told: ymin, xmin, ymax, xmax in thousandths of the image.
  if (auto i = v.find("box"); i != v.end() && i->is_array() && i->size() == 4
                              && std::all_of(i->begin(), i->end(), [](auto& x) {
                                   return x.is_number();
                                 }))
    o.extra["box_1000"] = i->dump();
  return o;
}

class reader : public model_answers {
public:
  outcome<image_audit> image(const std::string& text,
                             const std::string& filename,
                             utc_time now) const override {
    auto j = parse(text);
    auto list = j.is_object() ? j.find("vulnerabilities") : j.end();
    if (!j.is_object() || list == j.end() || !list->is_array())
      return unfit();
    image_audit out;
    out.summary = text_at(j, "summary", most_words);
    out.security_level = text_at(j, "security_level", 20);
    for (auto& v : *list)
      if (v.is_object() && out.observations.size() < most_items)
        out.observations.push_back(vulnerability(v, filename, now));
    // A low level alone is no alert; a high one must not get lost.
    auto level = parse_severity(out.security_level);
    if (out.observations.empty() && level && *level >= severity::high) {
      auto o = seen(filename, "perimeter", *level, now);
      o.label = "security_level";
      o.class_name = "level";
      o.extra["description"] = out.summary;
      out.observations.push_back(std::move(o));
    }
    return out;
  }

  outcome<model_summary> summary(const std::string& text) const override {
    auto j = parse(text);
    if (!j.is_object())
      return unfit();
    model_summary out;
    out.text = text_at(j, "text", most_prose);
    out.findings = texts_at(j, "findings");
    out.recommendations = texts_at(j, "recommendations");
    if (out.text.empty())
      return unfit();
    return out;
  }
};

} // namespace

std::shared_ptr<const model_answers> make_model_answers() {
  return std::make_shared<reader>();
}

} // namespace vigie
