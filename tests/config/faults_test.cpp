#include "config/sources.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>

using namespace vigie;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

using words = std::vector<std::string>;
using variables_of = std::map<std::string, std::string>;

words faults(words args, variables_of env = {}) {
  words present;
  for (auto& [name, value] : env)
    present.push_back(name);
  return read_settings(
             args,
             [env](const std::string& name) {
               auto i = env.find(name);
               return i == env.end() ? std::nullopt : std::optional{i->second};
             },
             present)
      .faults;
}

struct Faults : ::testing::Test {
  std::filesystem::path file =
      std::filesystem::temp_directory_path()
      / ("vigie-faults-" + std::to_string(::getpid()) + ".toml");
  void TearDown() override { std::filesystem::remove(file); }
  words of(const std::string& toml) {
    std::ofstream{file} << toml;
    return faults({"--config", file.string()});
  }
};

TEST_F(Faults, OfAFileAreAllNamedWithTheirLines) {
  EXPECT_THAT(of("[http]\nthraeds = 4\nthreads = 999\n[gemini]\nkeepalive = 1\n"
                 "[nothing]\nlike = \"it\"\n"),
              ElementsAre("gemini.keepalive (line 5): no such setting",
                          "http.thraeds (line 2): no such setting; did you "
                          "mean http.threads?",
                          "http.threads (line 3): \"999\" is not a number "
                          "from 1 to 256",
                          "nothing.like (line 7): no such setting"));
}

TEST_F(Faults, ARightNameInAWrongSectionIsFound) {
  EXPECT_THAT(of("[http]\nkeepalive_seconds = 4\n"),
              ElementsAre(HasSubstr("did you mean sse.keepalive_seconds?")));
  EXPECT_THAT(of("threads = 4\n"), ElementsAre(HasSubstr("threads (line 1)")));
}

TEST_F(Faults, OfAFileThatIsNoTomlHaveTheLine) {
  EXPECT_THAT(of("[http]\nthreads = \n"),
              ElementsAre(HasSubstr(file.string() + ", line 2: ")));
  std::filesystem::remove(file);
  EXPECT_THAT(faults({"--config", file.string()}),
              ElementsAre(HasSubstr(file.string())));
}

TEST_F(Faults, OfFlagsAreAllNamed) {
  EXPECT_THAT(
      faults({"--lisen", "127.0.0.1:1", "--worker=3", "--storage", "--workers",
              "x", "--chek-config", "--quite-other"}),
      ElementsAre("--lisen: no such flag; did you mean --listen?",
                  "--worker: no such flag; did you mean --workers?",
                  "--storage: needs a value",
                  "--chek-config: no such flag; did you mean --check-config?",
                  "--quite-other: no such flag",
                  "--workers: \"x\" is not a number from 0 to 1024"));
}

TEST_F(Faults, OfTheEnvironmentAreOnlyOurs) {
  EXPECT_THAT(faults({}, {{"VIGIE_LISTENS", "x"}, {"GEMINI_OTHER", "x"}}),
              ElementsAre("VIGIE_LISTENS: no such variable; did you mean "
                          "VIGIE_LISTEN?"));
  EXPECT_THAT(faults({}, {{"VIGIE_THREADS", "3"}}),
              ElementsAre("VIGIE_THREADS: no such variable"));
  // What Kubernetes sets for a service called vigie.
  EXPECT_THAT(faults({}, {{"VIGIE_SERVICE_HOST", "10.0.0.1"},
                          {"VIGIE_PORT", "tcp://10.0.0.1:80"},
                          {"VIGIE_PORT_80_TCP_ADDR", "10.0.0.1"},
                          {"VIGIE_FAULT", ""}}),
              IsEmpty());
}

TEST_F(Faults, OfANumberNameItsLimits) {
  struct {
    const char *toml, *limit;
  } rows[] = {
      {"[http]\nmax_files = 0", "from 1 to"},
      {"[gemini]\nbudget_seconds = 601", "from 1 to 600"},
      {"[gemini]\nrpm = -1", "from 0 (learned) to 1e12"},
      {"[gemini]\nmax_retries = 12", "from 0 to 11"},
      {"[scoring]\nother_label = 1001", "from 0 to 1000"},
      {"[server]\ndrain_seconds = 3601", "from 0 to 3600"},
      {"[sse]\nkeepalive_seconds = 0", "from 1 to 86400"},
      {"[sse]\nmax_pending_bytes = 1", "from 65536 to"},
      {"[http]\nlisten = \"h:65536\"", "from 0 to 65535"},
      {"[retention]\nmax_age_days = 36501", "from 0.000000 to 36500"},
      {"[workers]\nmemory_mb = -1", "from 0 to 1073741824"},
  };
  for (auto& r : rows)
    EXPECT_THAT(of(r.toml), ElementsAre(HasSubstr(r.limit))) << r.toml;
}

TEST(Names, OfOldDeploymentsAreAllTaken) {
  const variables_of old{{"STORAGE_PATH", "/data"},
                         {"DATABASE_URL", "sqlite:////data/x.db"},
                         {"BACKEND_CORS_ORIGINS", "[\"http://a\"]"},
                         {"OCR_LANGUAGES", "fr,en"},
                         {"GEMINI_ENABLED", "true"},
                         {"GEMINI_REQUIRED", "false"},
                         {"GEMINI_API_KEY", "k"},
                         {"GEMINI_MODEL", "m"},
                         {"GEMINI_TIMEOUT_SECONDS", "60"},
                         {"GEMINI_MAX_RETRIES", "3"},
                         {"GEMINI_TIMEOUT_SECONDS_TOTAL", "500"},
                         {"GEMINI_SUMMARY_ENABLED", "false"}};
  auto r = read_settings({}, [&](const std::string& name) {
    auto i = old.find(name);
    return i == old.end() ? std::nullopt : std::optional{i->second};
  });
  EXPECT_THAT(r.faults, IsEmpty());
  EXPECT_EQ(r.origins.size(), old.size()) << "each of them sets something";
  EXPECT_EQ(r.values.gemini.budget, std::chrono::seconds{500});
  EXPECT_EQ(r.values.gemini.model, "m");
}

TEST(Flags, TakeTheirValueEitherWayAndTheLastOneWins) {
  words args{"--listen", "127.0.0.1:1", "--listen=127.0.0.1:2"};
  auto r = read_settings(args, [](auto&) { return std::nullopt; });
  EXPECT_THAT(r.faults, IsEmpty());
  EXPECT_EQ(r.values.http.port, 2);
}

} // namespace
