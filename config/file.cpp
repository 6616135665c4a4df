#include "config/sources.hpp"
#include "config/table.hpp"

#include <toml++/toml.h>

#include <sstream>

namespace vigie {

namespace {

/// A TOML value as the text that environment and flags would carry.
std::string as_text(const toml::node& node) {
  std::ostringstream out;
  if (auto text = node.value_exact<std::string>())
    return *text;
  if (auto* array = node.as_array()) {
    for (auto& one : *array)
      out << as_text(one) << ',';
    return out.str();
  }
  out << toml::node_view<const toml::node>{node};
  return out.str();
}

void read_value(const std::string& key, const toml::node& value,
                const std::filesystem::path& folder, settings_reading& r) {
  auto line = " (line " + std::to_string(value.source().begin.line) + ")";
  auto text = as_text(value);
  auto row = option_of(key);
  if (row && row->is == option::nature::path && !text.empty())
    text = (folder / text).lexically_normal().string();
  set_text(r, key, text, key + line, "file");
}

void read_section(const toml::table& section, const std::string& prefix,
                  const std::filesystem::path& folder, settings_reading& r) {
  for (auto& [name, value] : section) {
    auto key = prefix + std::string{name.str()};
    if (auto* inner = value.as_table())
      read_section(*inner, key + ".", folder, r);
    else
      read_value(key, value, folder, r);
  }
}

} // namespace

void read_file(const std::filesystem::path& file, settings_reading& r) {
  if (std::filesystem::is_directory(file)) { // toml++ reads it as empty
    r.faults.push_back("--config " + file.string() + ": is a folder");
    return;
  }
  try {
    auto all = toml::parse_file(file.string());
    read_section(all, "", std::filesystem::absolute(file).parent_path(), r);
  } catch (const toml::parse_error& e) {
    auto line = e.source().begin.line;
    r.faults.push_back("--config " + file.string()
                       + (line > 0 ? ", line " + std::to_string(line) : "")
                       + ": " + std::string{e.description()});
  }
}

} // namespace vigie
