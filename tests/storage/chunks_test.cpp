#include "storage/chunks.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>

using namespace vigie;
namespace fs = std::filesystem;

namespace {

struct ChunksTest : ::testing::Test {
  fs::path root;
  std::shared_ptr<chunk_source> source;

  void SetUp() override {
    auto pattern = (fs::temp_directory_path() / "vigie-XXXXXX").string();
    root = mkdtemp(pattern.data());
    fs::create_directories(root / "store" / "b");
    write("store/b/n.txt", "0123456789");
    write("secret", "secret");
    source = make_chunk_source(root / "store");
  }
  void TearDown() override {
    source.reset();
    fs::remove_all(root);
  }
  void write(const fs::path& name, const std::string& bytes) {
    std::ofstream(root / name, std::ios::binary) << bytes;
  }
  std::string read(const std::string& path, uint64_t at, std::size_t most) {
    auto r = source->read(path, at, most);
    return r ? r.value() : "refused";
  }
};

TEST_F(ChunksTest, AFileComesInPieces) {
  EXPECT_EQ(read("b/n.txt", 0, 4), "0123");
  EXPECT_EQ(read("b/n.txt", 4, 4), "4567");
  EXPECT_EQ(read("b/n.txt", 8, 4), "89");
  EXPECT_EQ(read("b/n.txt", 10, 4), "");
  EXPECT_EQ(read("b/n.txt", 1'000, 4), "") << "beyond its end";
}

TEST_F(ChunksTest, AnyOffsetIsAnswered) {
  EXPECT_EQ(read("b/n.txt", 6, 2), "67");
  EXPECT_EQ(read("b/n.txt", 2, 2), "23");
  EXPECT_EQ(read("b/n.txt", ~uint64_t{0}, 2), "refused") << "no such place";
}

TEST_F(ChunksTest, TwoReadersDoNotDisturbEachOther) {
  write("store/b/m.txt", "abcdefghij");
  EXPECT_EQ(read("b/n.txt", 0, 4), "0123");
  EXPECT_EQ(read("b/m.txt", 0, 4), "abcd");
  EXPECT_EQ(read("b/n.txt", 4, 4), "4567");
  EXPECT_EQ(read("b/m.txt", 4, 4), "efgh");
}

TEST_F(ChunksTest, NothingOutsideIsRead) {
  for (auto path :
       {"", "..", "../secret", "b/../../secret", "b/..", "./n.txt",
        "/etc/passwd", "b", "b/n.txt/x", "b/c/n.txt", "../store/b", "b/"})
    EXPECT_EQ(read(path, 0, 4), "refused") << path;
  EXPECT_EQ(read((root / "secret").string(), 0, 4), "refused");
}

TEST_F(ChunksTest, ALinkIsNotFollowed) {
  fs::create_symlink(root / "secret", root / "store" / "b" / "link");
  fs::create_directory(root / "other");
  write("other/n.txt", "other");
  fs::create_directory_symlink(root / "other", root / "store" / "c");
  EXPECT_EQ(read("b/link", 0, 4), "refused");
  EXPECT_EQ(read("c/n.txt", 0, 4), "refused");
}

TEST_F(ChunksTest, WhatIsNoFileDoesNotHoldUpTheReader) {
  ASSERT_EQ(::mkfifo((root / "store" / "b" / "pipe").c_str(), 0600), 0);
  fs::create_directory(root / "store" / "b" / "folder");
  EXPECT_EQ(read("b/pipe", 0, 4), "refused");
  EXPECT_EQ(read("b/folder", 0, 4), "refused");
}

TEST_F(ChunksTest, AFileThatIsGoneIsRefused) {
  EXPECT_EQ(read("b/none", 0, 4), "refused");
  EXPECT_EQ(read("b/n.txt", 0, 4), "0123");
  fs::remove(root / "store" / "b" / "n.txt");
  EXPECT_EQ(read("b/n.txt", 0, 4), "refused");
}

TEST_F(ChunksTest, AReplacedFileIsReadFromItsBeginning) {
  EXPECT_EQ(read("b/n.txt", 0, 4), "0123");
  fs::remove(root / "store" / "b" / "n.txt");
  write("store/b/n.txt", "ABCDEFGHIJ");
  EXPECT_EQ(read("b/n.txt", 4, 4), "4567") << "one file, whole";
  EXPECT_EQ(read("b/n.txt", 0, 4), "ABCD");
  EXPECT_EQ(read("b/n.txt", 4, 4), "EFGH");
}

} // namespace
