#include "app/node_setup.hpp"
#include "app/worker_options.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <vector>

using namespace vigie;
using words = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

struct WorkerOptionsTest : ::testing::Test {
  std::string said;

  std::optional<worker_options> parse(words w) {
    w.insert(w.begin(), "vigie-worker");
    std::vector<char*> argv;
    for (auto& x : w)
      argv.push_back(x.data());
    testing::internal::CaptureStderr();
    auto out =
        worker_options::parse(static_cast<int>(argv.size()), argv.data());
    said = testing::internal::GetCapturedStderr();
    return out;
  }
  std::optional<worker_options> with(words more) {
    words w{"--connect", "h:1", "--bundle", "/b"};
    w.insert(w.end(), more.begin(), more.end());
    return parse(std::move(w));
  }
};

TEST_F(WorkerOptionsTest, ReadsThemAll) {
  auto o = parse({"--connect",      "host:8443", "--bundle",        "b",
                  "--slots",        "3",         "--cache",         "/c",
                  "--cache-mb",     "2",         "--temp",          "/t",
                  "--vision-model", "/m",        "--drain-seconds", "0",
                  "--storage",      "/s",        "--parent",        "12"});
  ASSERT_TRUE(o) << said;
  EXPECT_EQ(o->host, "host");
  EXPECT_EQ(o->port, 8443);
  EXPECT_EQ(o->bundle, fs::current_path() / "b");
  EXPECT_EQ(o->slots, 3u);
  EXPECT_EQ(o->cache, "/c");
  EXPECT_EQ(o->cache_bytes, 2u << 20);
  EXPECT_EQ(o->temp, "/t");
  EXPECT_EQ(o->vision_model, "/m");
  EXPECT_EQ(o->drain.count(), 0);
  EXPECT_EQ(o->storage, "/s");
  EXPECT_EQ(o->parent, 12);
  EXPECT_EQ(said, "");
}

TEST_F(WorkerOptionsTest, HasDefaults) {
  auto o = with({});
  ASSERT_TRUE(o);
  EXPECT_GE(o->slots, 1u);
  EXPECT_EQ(o->cache_bytes, uint64_t{4} << 30);
  EXPECT_EQ(o->drain.count(), 20);
  EXPECT_TRUE(o->storage.empty());
}

TEST_F(WorkerOptionsTest, AnAddressOfVersionSixStandsInBrackets) {
  auto o = parse({"--connect", "[::1]:80", "--bundle", "/b"});
  ASSERT_TRUE(o);
  EXPECT_EQ(o->host, "::1");
  EXPECT_EQ(o->port, 80);
}

TEST_F(WorkerOptionsTest, EveryBadValueIsNamed) {
  for (auto& [flag, bad] : std::vector<std::pair<std::string, words>>{
           {"--connect",
            {"", "host", ":80", "h:", "h:0", "h:65536", "h:-1", "h:80x",
             "[]:80"}},
           {"--bundle", {""}},
           {"--slots",
            {"", "0", "-1", "1025", "two", "1.5", " 1", "1 ",
             "99999999999999999999"}},
           {"--cache", {""}},
           {"--cache-mb", {"0", "x", "1073741825"}},
           {"--temp", {""}},
           {"--vision-model", {""}},
           {"--drain-seconds", {"-1", "86401", "x"}},
           {"--storage", {""}},
           {"--parent", {"0", "-5", "2147483648"}}})
    for (auto& value : bad) {
      EXPECT_FALSE(with({flag, value})) << flag << " " << value;
      EXPECT_NE(said.find(flag + " \"" + value + "\": "), std::string::npos)
          << said;
    }
}

TEST_F(WorkerOptionsTest, AFlagThatIsNoneOrLacksItsValueIsNamed) {
  EXPECT_FALSE(with({"--slot", "2"}));
  EXPECT_NE(said.find("--slot: no such flag"), std::string::npos) << said;
  EXPECT_FALSE(with({"--slots"}));
  EXPECT_NE(said.find("--slots: needs a value"), std::string::npos) << said;
}

TEST_F(WorkerOptionsTest, WhatIsNeededIsNamed) {
  EXPECT_FALSE(parse({}));
  EXPECT_NE(said.find("--connect and --bundle"), std::string::npos);
  EXPECT_FALSE(parse({"--bundle", "/b"}));
  EXPECT_FALSE(parse({"--connect", "h:1"}));
}

struct NodePlaceTest : ::testing::Test {
  fs::path root;
  worker_options o;
  void SetUp() override {
    auto pattern = (fs::temp_directory_path() / "vigie-XXXXXX").string();
    root = mkdtemp(pattern.data());
    o.temp = root / "temp";
  }
  void TearDown() override { fs::remove_all(root); }
};

TEST_F(NodePlaceTest, MakesItsFolder) {
  auto here = node_place::make(o);
  ASSERT_TRUE(here) << here.why().detail;
  EXPECT_TRUE(fs::is_directory(root / "temp"));
  EXPECT_FALSE(here.value().temp_is_ours);
  EXPECT_EQ(here.value().cache, root / "temp" / "cache");
}

TEST_F(NodePlaceTest, AFolderThatCannotBeIsNamed) {
  std::ofstream(root / "temp") << "a file";
  auto here = node_place::make(o);
  ASSERT_FALSE(here);
  EXPECT_NE(here.why().detail.find("--temp"), std::string::npos);
  auto old = std::string{std::getenv("TMPDIR") ? std::getenv("TMPDIR") : ""};
  ::setenv("TMPDIR", (root / "none").c_str(), 1);
  o.temp.clear();
  auto other = node_place::make(o);
  old.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", old.c_str(), 1);
  ASSERT_FALSE(other);
  EXPECT_NE(other.why().detail.find("TMPDIR"), std::string::npos);
}

TEST_F(NodePlaceTest, AModelThatIsNotThereIsNamed) {
  o.vision_model = root / "none.onnx";
  auto here = node_place::make(o);
  ASSERT_FALSE(here);
  EXPECT_NE(here.why().detail.find("--vision-model"), std::string::npos);
}

TEST_F(NodePlaceTest, WritesTheServersWordDown) {
  o.vision_model = root / "m.onnx";
  std::ofstream(o.vision_model) << "model";
  auto here = node_place::make(o);
  ASSERT_TRUE(here);
  analysis_setup how;
  how.rules_json = "{}";
  auto s = here.value().setup(how, o);
  EXPECT_EQ(fs::file_size(s.rules_file), 2u);
  EXPECT_EQ(s.classes_file, "");
  EXPECT_EQ(s.vision_model, "") << "the server uses none";
  how.vision_model = "sha";
  EXPECT_EQ(here.value().setup(how, o).vision_model, o.vision_model);
}

TEST(BootIdTest, IsNeverTheSame) {
  EXPECT_EQ(random_boot_id().size(), 32u);
  EXPECT_NE(random_boot_id(), random_boot_id());
}

} // namespace
