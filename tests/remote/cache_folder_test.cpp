// Whose folder it is: a cache never empties another's.
#include "remote/cache_folder.hpp"
#include "remote/disk_cache.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

using namespace vigie;
namespace fs = std::filesystem;

namespace {

const std::string sha(64, 'a'), other(64, 'b');

struct CacheFolderTest : ::testing::Test {
  fs::path root, folder;

  void SetUp() override {
    auto pattern = (fs::temp_directory_path() / "vigie-XXXXXX").string();
    root = mkdtemp(pattern.data());
    folder = root / "cache";
  }
  void TearDown() override { fs::remove_all(root); }

  void put(const fs::path& name, const std::string& bytes = "x") {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << bytes;
  }
  /// Why not; empty: it was taken.
  std::string open() {
    auto opened = disk_cache::open(folder, 100, 100);
    return opened ? "" : opened.why().detail;
  }
  std::set<std::string> names() const {
    std::set<std::string> out;
    for (auto& e : fs::recursive_directory_iterator(folder))
      out.insert(e.path().lexically_relative(folder).string());
    return out;
  }
  fs::perms mode() const { return fs::status(folder).permissions(); }
};

TEST_F(CacheFolderTest, AHomeIsRefusedAndLeftAsItIs) {
  put("letter.txt");
  put("photos/2026/a.jpg");
  put(sha);
  put(sha + ".part");
  fs::permissions(folder, fs::perms{0755});
  auto before = names();
  auto why = open();
  EXPECT_NE(why.find("--cache " + folder.string()), std::string::npos) << why;
  EXPECT_NE(why.find("it is not empty and no cache"), std::string::npos) << why;
  EXPECT_EQ(names(), before);
  EXPECT_EQ(mode(), fs::perms{0755});
}

TEST_F(CacheFolderTest, WhatIsMadeHereIsMarkedAndOurs) {
  EXPECT_EQ(open(), "");
  EXPECT_EQ(names(), (std::set<std::string>{".lock", cache_mark}));
  EXPECT_EQ(mode(), fs::perms::owner_all);
  put("somebody's note");
  EXPECT_EQ(open(), "") << "the mark says whose it is";
  EXPECT_TRUE(fs::exists(folder / "somebody's note"));
}

TEST_F(CacheFolderTest, AnEmptyFolderIsTakenWithItsPermissions) {
  fs::create_directory(folder);
  fs::permissions(folder, fs::perms{0750});
  EXPECT_EQ(open(), "");
  EXPECT_TRUE(fs::exists(folder / cache_mark));
  EXPECT_EQ(mode(), fs::perms{0750});
}

TEST_F(CacheFolderTest, AnOlderCacheWithoutAMarkIsTaken) {
  for (auto& name : {std::string{".lock"}, sha, other + ".part",
                     other + ".once1", other + ".once23"})
    put(name);
  EXPECT_EQ(open(), "");
  EXPECT_EQ(names(), (std::set<std::string>{".lock", cache_mark, sha}));
}

TEST_F(CacheFolderTest, NamesThatWeDoNotMakeAreNotOurs) {
  for (auto& name :
       {std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'),
        sha + ".once", sha + ".once1x", sha + ".part1", sha + ".txt",
        std::string{".part"}, std::string{".profile"}, sha + "/inside"}) {
    put(name);
    EXPECT_NE(open(), "") << name;
    EXPECT_TRUE(fs::exists(folder / name)) << name;
    EXPECT_FALSE(fs::exists(folder / cache_mark)) << name;
    fs::remove_all(folder);
  }
}

TEST_F(CacheFolderTest, TheSweepEntersNoFolderAndFollowsNoLink) {
  EXPECT_EQ(open(), "");
  fs::create_directory(root / "home");
  std::ofstream(root / "home" / "letter.txt") << "x";
  put(sha + ".part/inside");
  put(sha + "/inside");
  fs::create_symlink(root / "home", folder / (other + ".part"));
  fs::create_symlink(root / "home" / "letter.txt", folder / (other + ".once1"));
  fs::create_symlink(root / "home", folder / "link");
  EXPECT_EQ(open(), "");
  EXPECT_EQ(names(), (std::set<std::string>{".lock", cache_mark, "link", sha,
                                            sha + "/inside", sha + ".part",
                                            sha + ".part/inside"}));
  EXPECT_TRUE(fs::exists(root / "home" / "letter.txt"));
}

TEST_F(CacheFolderTest, ALinkIsNoMark) {
  put("letter.txt");
  std::ofstream(root / "mark") << "x";
  fs::create_symlink(root / "mark", folder / cache_mark);
  EXPECT_NE(open(), "");
}

} // namespace
