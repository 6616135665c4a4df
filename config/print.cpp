#include "config/print.hpp"

#include "config/sources.hpp"
#include "config/table.hpp"

#include <algorithm>
#include <cctype>

namespace vigie {

namespace {

/// A label may have dots itself.
std::string section_of(const std::string& key) {
  constexpr std::string_view labels = "scoring.label";
  return key.substr(0,
                    key.starts_with(labels) ? labels.size() : key.rfind('.'));
}

/// A key of TOML: bare where it may be.
std::string name_of(const std::string& key) {
  auto name = key.substr(section_of(key).size() + 1);
  auto bare = !name.empty()
              && std::all_of(name.begin(), name.end(), [](unsigned char c) {
                   return std::isalnum(c) || c == '_' || c == '-';
                 });
  return bare ? name : in_toml(name);
}

/// A password may stand in an address, too.
bool hidden(const option& o, const std::string& value) {
  if (o.is == option::nature::secret)
    return value != in_toml(std::string{});
  return value.find("://") != value.npos && value.find('@') != value.npos;
}

std::string line_of(const option& o, const settings_reading& r) {
  auto value = o.show(r.values);
  auto found = r.origins.find(o.key);
  auto origin = found == r.origins.end() ? "default" : found->second;
  if (hidden(o, value))
    return "# " + name_of(o.key) + " = \"********\" # " + origin + '\n';
  return name_of(o.key) + " = " + value + " # " + origin + '\n';
}

} // namespace

std::string printed(const settings_reading& r) {
  auto rows = all_options();
  for (auto& [label, weight] : r.values.scoring.by_label)
    rows.push_back(label_weight(label));
  std::vector<std::string> sections;
  for (auto& o : rows)
    if (std::ranges::find(sections, section_of(o.key)) == sections.end())
      sections.push_back(section_of(o.key));
  std::string out;
  for (auto& section : sections) {
    out += (out.empty() ? "[" : "\n[") + section + "]\n";
    for (auto& o : rows)
      if (section_of(o.key) == section)
        out += line_of(o, r);
  }
  return out;
}

std::string flags_help() {
  auto row = [](const std::string& flag, const std::string& help) {
    return "  " + flag
           + std::string(flag.size() < 28 ? 28 - flag.size() : 1, ' ') + help
           + '\n';
  };
  auto out = row("--config FILE", "settings (VIGIE_CONFIG); config/vigie.toml "
                                  "has every one");
  for (auto& f : flags()) {
    auto help = std::string{f.help};
    for (auto& v : variables())
      if (std::string_view{v.key} == f.key)
        help += std::string{" ("} + v.name + ')';
    out += row(std::string{f.name} + ' ' + f.value, help);
  }
  return out
         + row("--check-config", "says what is wrong with the settings: "
                                 "exit code 0 or 2")
         + row("--print-config", "the settings as they are, with where each "
                                 "comes from");
}

} // namespace vigie
