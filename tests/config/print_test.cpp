#include "config/print.hpp"
#include "config/sources.hpp"
#include "config/table.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

using namespace vigie;

namespace {

using words = std::vector<std::string>;

struct Printed : ::testing::Test {
  std::filesystem::path file =
      std::filesystem::temp_directory_path()
      / ("vigie-print-" + std::to_string(::getpid()) + ".toml");
  void TearDown() override { std::filesystem::remove(file); }

  settings_reading load(const std::string& toml, words args = {},
                        std::map<std::string, std::string> env = {}) {
    std::ofstream{file} << toml;
    args.insert(args.end(), {"--config", file.string()});
    return read_settings(args, [env](const std::string& name) {
      auto i = env.find(name);
      return i == env.end() ? std::nullopt : std::optional{i->second};
    });
  }
};

TEST_F(Printed, SettingsReadBackAreTheSame) {
  auto first = load("[http]\nlisten = \"[::1]:0\"\nthreads = 3\n"
                    "cors_origins = [\"http://a\", \"http://b\"]\n"
                    "[storage]\npath = \"a \\\"b\\\\c\"\n"
                    "[retention]\nmax_age_days = 0.0001\n"
                    "disk_high_percent = 90\n"
                    "[gemini]\nrpm = 1e12\nfallback_models = [\"x\", \"y\"]\n"
                    "[scoring.label]\n\"eau.gaz\" = 1.25\nfeu = 3\n"
                    "[scoring.severity]\nlow = 0.1\n");
  ASSERT_TRUE(first.faults.empty()) << first.faults.front();
  auto text = printed(first);
  auto again = load(text);
  ASSERT_TRUE(again.faults.empty()) << again.faults.front() << text;
  for (auto& o : all_options())
    EXPECT_EQ(o.show(again.values), o.show(first.values)) << o.key;
  EXPECT_EQ(again.values.scoring.by_label, first.values.scoring.by_label);
  EXPECT_EQ(again.values.scoring.by_label.at("eau.gaz"), 1.25);
  EXPECT_EQ(again.values.storage.path, first.values.storage.path);
}

TEST_F(Printed, EachHasItsOrigin) {
  auto text = printed(load("[http]\nthreads = 5\n", {"--workers", "2"},
                           {{"OCR_LANGUAGES", "fr"}}));
  for (auto* line : {"\nthreads = 5 # file\n", "\nlocal = 2 # flag --workers\n",
                     "\nocr_languages = \"fra\" # environment OCR_LANGUAGES\n",
                     "\nmax_files = 2000 # default\n"})
    EXPECT_NE(text.find(line), text.npos) << line << text;
}

TEST_F(Printed, SecretsAreMasked) {
  auto text = printed(load("[gemini]\nbase_url = \"https://me:word@proxy\"\n",
                           {}, {{"GEMINI_API_KEY", "k123"}}));
  EXPECT_EQ(text.find("k123"), text.npos);
  EXPECT_EQ(text.find("word@"), text.npos);
  EXPECT_NE(
      text.find("\n# api_key = \"********\" # environment GEMINI_API_KEY"),
      text.npos)
      << text;
  EXPECT_TRUE(load(text).faults.empty());
  EXPECT_NE(printed(load("")).find("\napi_key = \"\" # default\n"), text.npos);
}

} // namespace
