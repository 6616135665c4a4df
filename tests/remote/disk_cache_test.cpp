#include "remote/digest.hpp"
#include "remote/disk_cache.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

using namespace vigie;
namespace fs = std::filesystem;

namespace {

std::string sha_of(const std::string& bytes) {
  auto d = begin_digest();
  EVP_DigestUpdate(d.get(), bytes.data(), bytes.size());
  return end_digest(d.get());
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct DiskCacheTest : ::testing::Test {
  fs::path root;
  std::unique_ptr<disk_cache> cache;

  void SetUp() override {
    auto pattern = (fs::temp_directory_path() / "vigie-XXXXXX").string();
    root = mkdtemp(pattern.data());
    open(100);
  }
  void TearDown() override {
    cache.reset();
    fs::remove_all(root);
  }
  void open(uint64_t most) {
    cache.reset();
    auto opened = disk_cache::open(root, most, 1'000);
    ASSERT_TRUE(opened) << opened.why().detail;
    cache = std::move(opened).value();
  }
  /// Pinned.
  std::string put(const std::string& bytes) {
    auto sha = sha_of(bytes);
    EXPECT_TRUE(cache->begin(sha, bytes.size()));
    EXPECT_TRUE(cache->append(sha, bytes));
    auto path = cache->seal(sha, false);
    EXPECT_TRUE(path);
    return path ? path.value() : "";
  }
  /// Pinned and let go.
  void keep(const std::string& bytes) { cache->unpin(put(bytes)); }
  bool has(const std::string& bytes) {
    auto path = cache->find(sha_of(bytes));
    if (path)
      cache->unpin(*path);
    return path.has_value();
  }
  /// Besides the mark and the lock.
  std::size_t files() const {
    fs::directory_iterator all{root};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)) - 2);
  }
};

const std::string a(40, 'a'), b(40, 'b'), c(40, 'c');

TEST_F(DiskCacheTest, AFileIsFoundByItsHash) {
  EXPECT_FALSE(cache->find(sha_of(a)));
  auto path = put(a);
  EXPECT_EQ(text_of(path), a);
  EXPECT_EQ(cache->find(sha_of(a)), path);
  EXPECT_EQ(cache->bytes(), 40u);
}

TEST_F(DiskCacheTest, WhatWasUsedLongestAgoGoes) {
  keep(a);
  keep(b);
  EXPECT_TRUE(has(a)); // now b is the oldest
  keep(c);
  EXPECT_TRUE(has(a));
  EXPECT_FALSE(has(b));
  EXPECT_TRUE(has(c));
}

TEST_F(DiskCacheTest, WhatAJobReadsStays) {
  auto first = put(a);
  auto again = *cache->find(sha_of(a)); // two jobs
  keep(b);
  keep(c);
  EXPECT_TRUE(has(a));
  EXPECT_FALSE(has(b));
  cache->unpin(first);
  keep(b);
  EXPECT_TRUE(fs::exists(again));
  cache->unpin(again);
  keep(c);
  EXPECT_FALSE(has(a));
}

TEST_F(DiskCacheTest, WhatIsOnItsWayNeedsRoomToo) {
  keep(a);
  ASSERT_TRUE(cache->begin(sha_of(b), 40));
  ASSERT_TRUE(cache->begin(sha_of(c), 40));
  EXPECT_FALSE(has(a));
  cache->drop(sha_of(b));
  cache->drop(sha_of(c));
  keep(a);
  keep(b);
  EXPECT_TRUE(has(a)) << "what was dropped needs none";
}

TEST_F(DiskCacheTest, BeginningAgainTakesNoMoreRoom) {
  keep(a);
  ASSERT_TRUE(cache->begin(sha_of(b), 40));
  ASSERT_TRUE(cache->append(sha_of(b), "half"));
  ASSERT_TRUE(cache->begin(sha_of(b), 40));
  ASSERT_TRUE(cache->append(sha_of(b), b));
  ASSERT_TRUE(cache->seal(sha_of(b), false));
  EXPECT_TRUE(has(a));
}

TEST_F(DiskCacheTest, AFileBeyondTheLimitIsThereForItsJobAndDrivesNobodyOut) {
  keep(a);
  const std::string large(500, 'x');
  auto path = put(large);
  EXPECT_EQ(text_of(path), large);
  EXPECT_TRUE(has(a));
  EXPECT_FALSE(has(large)) << "another job has one of its own";
  EXPECT_EQ(cache->bytes(), 40u);
  cache->unpin(path);
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(files(), 1u) << "a";
}

TEST_F(DiskCacheTest, AFileBeyondTheLargestIsRefusedWithBothSizes) {
  EXPECT_TRUE(cache->begin(sha_of(a), 1'000));
  auto begun = cache->begin(sha_of(b), 1'001);
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.why().id, code::file_too_large);
  EXPECT_EQ(begun.why().detail, "a file of 1001 bytes is larger than the "
                                "largest taken here, 1000");
}

TEST_F(DiskCacheTest, AnotherLifeKeepsWhatIsWhole) {
  keep(a);
  keep(b);
  std::ofstream(root / (sha_of(c) + ".part")) << "half";
  std::ofstream(root / (sha_of(c) + ".once1")) << "odd";
  std::ofstream(root / sha_of(b)) << std::string(40, 'x'); // rotten
  open(100);
  EXPECT_EQ(files(), 2u) << "a, b";
  EXPECT_EQ(cache->bytes(), 80u);
  EXPECT_TRUE(has(a));
  EXPECT_FALSE(has(b)) << "hashed before it is believed";
  EXPECT_FALSE(fs::exists(root / sha_of(b)));
}

TEST_F(DiskCacheTest, ASmallerLimitIsKeptFromTheStart) {
  keep(a);
  keep(b);
  open(50);
  EXPECT_EQ(cache->bytes(), 40u);
}

TEST_F(DiskCacheTest, AFileThatSomebodyTookAwayIsFetchedAgain) {
  auto path = put(a);
  cache->unpin(path);
  fs::remove(path);
  EXPECT_FALSE(cache->find(sha_of(a)));
  EXPECT_EQ(cache->bytes(), 0u);
  keep(a);
  EXPECT_TRUE(has(a));
}

TEST_F(DiskCacheTest, TwoNodesCannotShareAFolder) {
  auto other = disk_cache::open(root, 100, 1'000);
  ASSERT_FALSE(other);
  EXPECT_NE(other.why().detail.find("another node"), std::string::npos);
  cache.reset();
  EXPECT_TRUE(disk_cache::open(root, 100, 1'000));
}

TEST_F(DiskCacheTest, AFolderThatCannotBeIsNamed) {
  std::ofstream(root / "file") << "x";
  EXPECT_FALSE(disk_cache::open(root / "file" / "cache", 100, 1'000));
}

TEST_F(DiskCacheTest, BytesThatDoNotFitAreNotKept) {
  auto sha = sha_of(a);
  ASSERT_TRUE(cache->begin(sha, b.size()));
  ASSERT_TRUE(cache->append(sha, b));
  EXPECT_FALSE(cache->seal(sha, false));
  EXPECT_FALSE(has(a));
  EXPECT_EQ(files(), 0u);
}

TEST_F(DiskCacheTest, AnOddFileIsHandedOutOnceAndGoes) {
  auto sha = sha_of(a);
  std::string paths[2];
  for (auto& path : paths) {
    ASSERT_TRUE(cache->begin(sha, b.size()));
    ASSERT_TRUE(cache->append(sha, b));
    auto sealed = cache->seal(sha, true);
    ASSERT_TRUE(sealed);
    path = sealed.value();
    EXPECT_FALSE(cache->find(sha));
  }
  EXPECT_NE(paths[0], paths[1]);
  cache->unpin(paths[0]);
  EXPECT_FALSE(fs::exists(paths[0]));
  EXPECT_EQ(text_of(paths[1]), b);
  cache->unpin(paths[1]);
  EXPECT_EQ(files(), 0u);
}

TEST_F(DiskCacheTest, WhatGrewIsCutAndDoesNotFit) {
  auto sha = sha_of(a);
  ASSERT_TRUE(cache->begin(sha, a.size()));
  ASSERT_TRUE(cache->append(sha, a));
  ASSERT_TRUE(cache->append(sha, std::string(5u << 20, 'x')));
  auto sealed = cache->seal(sha, true);
  ASSERT_TRUE(sealed);
  EXPECT_EQ(fs::file_size(sealed.value()), a.size() + 1);
  EXPECT_FALSE(has(a));
}

TEST_F(DiskCacheTest, ANameThatIsNoHashIsRefused) {
  for (auto& name :
       {std::string{}, std::string{"../../etc/passwd"}, std::string(64, 'A'),
        std::string(63, 'a'), std::string(64, '/')}) {
    EXPECT_FALSE(cache->begin(name, 1)) << name;
    EXPECT_FALSE(cache->find(name)) << name;
    cache->drop(name);
    cache->unpin(name);
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(DiskCacheTest, AFullDiskIsSaid) {
  fs::path full{"/dev/full"};
  if (!fs::exists(full))
    GTEST_SKIP() << "no /dev/full here";
  auto sha = sha_of(a);
  fs::create_symlink(full, root / (sha + ".part"));
  ASSERT_TRUE(cache->begin(sha, a.size()));
  auto written = cache->append(sha, a);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.why().id, code::disk_full);
  cache->drop(sha);
  EXPECT_EQ(files(), 0u);
}

} // namespace
