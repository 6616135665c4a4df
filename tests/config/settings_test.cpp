#include "config/settings.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

using namespace vigie;

namespace {

using words = std::vector<std::string>;

outcome<settings> load(words args,
                       std::map<std::string, std::string> env = {}) {
  return load_settings(args, [env](const std::string& name) {
    auto i = env.find(name);
    return i == env.end() ? std::nullopt : std::optional{i->second};
  });
}

struct SettingsTest : ::testing::Test {
  std::filesystem::path file =
      std::filesystem::temp_directory_path()
      / ("vigie-settings-" + std::to_string(::getpid()) + ".toml");
  void TearDown() override { std::filesystem::remove(file); }
  void write(const std::string& text) { std::ofstream{file} << text; }
};

TEST_F(SettingsTest, FlagsWinOverEnvironmentOverFile) {
  write("[http]\nlisten = \"127.0.0.1:1\"\nmax_files = 7\n"
        "[workers]\nlocal = 9\n");
  auto s = load({"--config", file.string(), "--listen", "127.0.0.1:3"},
                {{"VIGIE_LISTEN", "127.0.0.1:2"}, {"VIGIE_WORKERS", "4"}});
  ASSERT_TRUE(s) << s.why().detail;
  EXPECT_EQ(s.value().http.port, 3);
  EXPECT_EQ(s.value().workers.local, 4u);
  EXPECT_EQ(s.value().http.max_files, 7u);
}

TEST_F(SettingsTest, TheOldDeploymentsNamesAreUnderstood) {
  auto s = load({}, {{"DATABASE_URL", "sqlite:////data/x.db"},
                     {"STORAGE_PATH", "/data/up"},
                     {"BACKEND_CORS_ORIGINS", "[\"http://a\", \"http://b\"]"},
                     {"OCR_LANGUAGES", "fr,en"}});
  ASSERT_TRUE(s) << s.why().detail;
  EXPECT_EQ(s.value().storage.database, "/data/x.db");
  EXPECT_EQ(s.value().http.cors_origins, (words{"http://a", "http://b"}));
  EXPECT_EQ(s.value().analysis.ocr_languages, "fra+eng");
}

TEST_F(SettingsTest, ABadSettingIsNamedWithTheReason) {
  EXPECT_NE(load({"--workers", "x"}).why().detail.find("--workers"),
            std::string::npos);
  EXPECT_NE(load({"--nope", "x"}).why().detail.find("--nope"),
            std::string::npos);
  write("[http]\nlisn = \"x\"\n");
  EXPECT_NE(load({"--config", file.string()}).why().detail.find("http.lisn"),
            std::string::npos);
}

TEST_F(SettingsTest, WeightsAndPathsComeFromTheFile) {
  write("[storage]\npath = \"here\"\n[analysis]\nrules_file = \"r.json\"\n"
        "[scoring]\nother_label = 2\n[scoring.severity]\nhigh = 6.5\n"
        "[scoring.label]\nseisme = 1.7\n");
  auto s = load({"--config", file.string()});
  ASSERT_TRUE(s) << s.why().detail;
  EXPECT_EQ(s.value().storage.path, file.parent_path() / "here");
  EXPECT_EQ(s.value().analysis.rules_file, file.parent_path() / "r.json");
  EXPECT_EQ(s.value().scoring.other_label, 2);
  EXPECT_EQ(s.value().scoring.by_severity[severity::high], 6.5);
  EXPECT_EQ(s.value().scoring.by_label["seisme"], 1.7);
  write("[scoring.severity]\nawful = 6\n");
  EXPECT_NE(load({"--config", file.string()}).why().detail.find("awful"),
            std::string::npos);
}

TEST_F(SettingsTest, TheShippedFileIsReadAndEqualsTheDefaults) {
  auto shipped = std::filesystem::path{VIGIE_SOURCE_DIR} / "config/vigie.toml";
  auto s = load({"--config", shipped.string()});
  ASSERT_TRUE(s) << s.why().detail;
  auto plain = load({});
  EXPECT_EQ(s.value().http.port, plain.value().http.port);
  EXPECT_EQ(s.value().http.max_file_bytes, plain.value().http.max_file_bytes);
  EXPECT_EQ(s.value().scoring.by_severity, plain.value().scoring.by_severity);
  EXPECT_EQ(s.value().scoring.by_label, plain.value().scoring.by_label);
  EXPECT_TRUE(std::filesystem::exists(s.value().analysis.rules_file));
}

TEST_F(SettingsTest, GeminiListensToTheOldNamesAndHidesItsKey) {
  auto s = load({}, {{"GEMINI_API_KEY", "k"},
                     {"GEMINI_ENABLED", "True"},
                     {"GEMINI_MAX_TOTAL_SECONDS", "300"},
                     {"GEMINI_TIMEOUT_SECONDS", "60.0"},
                     {"GEMINI_MAX_RETRIES", "3"},
                     {"GEMINI_SUMMARY_ENABLED", "0"}});
  ASSERT_TRUE(s) << s.why().detail;
  EXPECT_EQ(s.value().gemini.api_key, "k");
  EXPECT_EQ(s.value().gemini.budget, std::chrono::seconds{300});
  EXPECT_EQ(s.value().gemini.call_timeout, std::chrono::seconds{60});
  EXPECT_EQ(s.value().gemini.max_retries, 3);
  EXPECT_FALSE(s.value().gemini.summary);
  auto bad = load({}, {{"GEMINI_API_KEY", "se cret"}});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.why().detail.find("cret"), std::string::npos);
  EXPECT_FALSE(load({}, {{"GEMINI_TIMEOUT_SECONDS_TOTAL", "601"}}))
      << "never longer than ten minutes";
  EXPECT_FALSE(load({}, {{"GEMINI_BASE_URL", "ftp://x"}}));
  EXPECT_FALSE(
      load({}, {{"GEMINI_ENABLED", "false"}, {"GEMINI_REQUIRED", "true"}}));
}

TEST_F(SettingsTest, RetentionIsOffUnlessAsked) {
  auto plain = load({});
  EXPECT_EQ(plain.value().retention.max_age.count(), 0);
  EXPECT_EQ(plain.value().retention.disk_high_percent, 0);
  EXPECT_EQ(plain.value().server.drain, std::chrono::seconds{20});
  EXPECT_EQ(plain.value().admission.max_unfinished_bytes, uint64_t{20} << 30);
  write("[retention]\nmax_age_days = 0.5\ndisk_high_percent = 90\n"
        "[server]\ndrain_seconds = 0\n"
        "[admission]\nmax_unfinished_bytes = 0\n");
  auto s = load({"--config", file.string()});
  ASSERT_TRUE(s) << s.why().detail;
  EXPECT_EQ(s.value().retention.max_age, std::chrono::hours{12});
  EXPECT_EQ(s.value().retention.disk_low_percent, 80) << "10 below high";
  EXPECT_EQ(s.value().server.drain.count(), 0);
  EXPECT_EQ(s.value().admission.max_unfinished_bytes, 0u);
}

TEST_F(SettingsTest, RetentionThatMakesNoSenseIsRefused) {
  for (auto* bad :
       {"max_age_days = -1", "max_age_days = 0.000001",
        "max_age_days = \"nan\"", "disk_high_percent = 100",
        "disk_high_percent = 80\ndisk_low_percent = 80",
        "disk_low_percent = 80", "period_seconds = 0", "days = 1"}) {
    write(std::string{"[retention]\n"} + bad + "\n");
    auto s = load({"--config", file.string()});
    ASSERT_FALSE(s) << bad;
    EXPECT_NE(s.why().detail.find("retention."), std::string::npos);
  }
}

TEST_F(SettingsTest, LogLinesAreTextOrJsonOfALevel) {
  auto s = load({"--log-level", "warning"}, {{"VIGIE_LOG_FORMAT", "json"}});
  ASSERT_TRUE(s) << s.why().detail;
  EXPECT_EQ(s.value().log.format, "json");
  EXPECT_EQ(s.value().log.level, "warning");
  EXPECT_EQ(load({"--log-format", "xml"}).why().detail,
            "--log-format: \"xml\" is none of text, json");
  write("[log]\nfile = \"x\"\n");
  EXPECT_EQ(load({"--config", file.string()}).why().detail,
            "log.file (line 2): no such setting");
}

TEST_F(SettingsTest, AccessIsReadAndBadValuesAreNamed) {
  write("[http]\ntrusted_proxies = [\"127.0.0.1\", \"2001:db8::/32\"]\n"
        "[access]\nrequired = true\nsession_hours = 2\ntoken_rate = 0\n");
  auto s = load({"--config", file.string()});
  ASSERT_TRUE(s) << s.why().detail;
  EXPECT_EQ(s.value().access.required, access_mode::always);
  EXPECT_EQ(s.value().access.session, std::chrono::hours{2});
  EXPECT_EQ(s.value().access.token_rate, 0);
  EXPECT_EQ(s.value().http.trusted_proxies,
            (words{"127.0.0.1", "2001:db8::/32"}));
  EXPECT_EQ(load({}).value().access.required, access_mode::automatic);
  auto why = [&](const char* text) {
    write(text);
    auto bad = load({"--config", file.string()});
    return bad ? "" : bad.why().detail;
  };
  EXPECT_EQ(why("[access]\nrequired = \"maybe\"\n"),
            "access.required (line 2): \"maybe\" is not auto, true or false");
  EXPECT_EQ(
      why("[http]\ntrusted_proxies = [\"proxy.example\"]\n"),
      "http.trusted_proxies (line 2): \"proxy.example\" is not an address or a "
      "network like 10.0.0.0/8");
  EXPECT_EQ(why("[access]\ntokens = 1\n"),
            "access.tokens (line 2): no such setting");
}

} // namespace
