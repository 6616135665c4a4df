// config/vigie.toml says of every option what it is by default, and of no
// other.

#include "config/print.hpp"
#include "config/sources.hpp"
#include "config/table.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

using namespace vigie;

namespace {

const auto shipped =
    std::filesystem::path{VIGIE_SOURCE_DIR} / "config/vigie.toml";

/// Lines like `# local = 2  # …`: options whose default is not a constant.
std::set<std::string> commented() {
  std::ifstream in{shipped};
  std::set<std::string> out;
  std::string section;
  std::smatch found;
  for (std::string line; std::getline(in, line);) {
    if (std::regex_search(line, found, std::regex{R"(^\[([a-z.]+)\])"}))
      section = found[1];
    if (std::regex_search(line, found, std::regex{R"(^# ([a-z_]+) = \S)"}))
      out.insert(section + '.' + found[1].str());
  }
  return out;
}

settings_reading of_file() {
  std::vector<std::string> args{"--config", shipped.string()};
  return read_settings(args, [](auto&) { return std::nullopt; });
}

settings_reading by_default() {
  return read_settings({}, [](auto&) { return std::nullopt; });
}

TEST(ConfigDocument, HasEveryOptionAndNoOther) {
  auto file = of_file();
  EXPECT_TRUE(file.faults.empty()) << file.faults.front();
  auto documented = commented();
  for (auto& [key, origin] : file.origins)
    documented.insert(key);
  std::set<std::string> table;
  for (auto& o : all_options())
    table.insert(o.key);
  for (auto& [label, weight] : by_default().values.scoring.by_label)
    table.insert("scoring.label." + label);
  EXPECT_EQ(documented, table);
}

TEST(ConfigDocument, SaysTheDefaults) {
  // Relative to the file, or beside the program: checked by hand.
  const std::set<std::string> elsewhere{"storage.path", "storage.database",
                                        "analysis.rules_file",
                                        "analysis.vision_classes_file"};
  auto file = of_file(), plain = by_default();
  for (auto& [key, origin] : file.origins)
    EXPECT_TRUE(elsewhere.count(key)
                || option_of(key)->show(file.values)
                       == option_of(key)->show(plain.values))
        << key << ": " << option_of(key)->show(file.values);
  EXPECT_EQ(file.values.storage.path,
            std::filesystem::path{VIGIE_SOURCE_DIR} / "var/storage");
  EXPECT_TRUE(std::filesystem::exists(file.values.analysis.rules_file));
  EXPECT_TRUE(
      std::filesystem::exists(file.values.analysis.vision_classes_file));
}

TEST(ConfigDocument, NamesEveryVariableAndFlag) {
  std::ifstream in{shipped};
  std::string text{std::istreambuf_iterator<char>(in), {}};
  for (auto& v : variables())
    EXPECT_NE(text.find(v.name), text.npos) << v.name;
  for (auto& f : flags()) {
    EXPECT_NE(text.find(f.name), text.npos) << f.name;
    EXPECT_NE(flags_help().find(f.name), std::string::npos) << f.name;
  }
  for (auto& v : variables())
    EXPECT_TRUE(option_of(v.key)) << v.key;
  for (auto& f : flags())
    EXPECT_TRUE(option_of(f.key)) << f.key;
}

} // namespace
