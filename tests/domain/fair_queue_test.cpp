#include "domain/fair_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace vigie;

namespace {

struct FairQueueTest : ::testing::Test {
  fair_queue<std::string> queue;
  uint64_t order = 0;
  std::size_t asked = 0;

  void push(const std::string& batch, const std::string& item,
            std::set<std::string> needs = {}) {
    queue.push({batch}, needs, ++order, item);
  }
  std::string take(const std::set<std::string>& able = {}) {
    auto x = queue.take([&](const std::set<std::string>& needs) {
      ++asked;
      return std::includes(able.begin(), able.end(), needs.begin(),
                           needs.end());
    });
    return x ? *x : "-";
  }
};

TEST_F(FairQueueTest, BatchesTakeTurns) {
  for (auto item : {"a1", "a2", "a3"})
    push("a", item);
  push("b", "b1");
  EXPECT_EQ(queue.size(), 4u);
  EXPECT_EQ(take(), "a1");
  EXPECT_EQ(take(), "b1");
  EXPECT_EQ(take(), "a2");
  push("b", "b2");
  push("c", "c1");
  EXPECT_EQ(take(), "a3");
  EXPECT_EQ(take(), "b2");
  EXPECT_EQ(take(), "c1");
  EXPECT_EQ(take(), "-");
  EXPECT_TRUE(queue.empty());
}

TEST_F(FairQueueTest, OnlyWhatTheTakerCanDoIsHandedOut) {
  push("a", "a1", {"ocr"});
  push("a", "a2");
  push("b", "b1", {"ocr", "vision"});
  EXPECT_EQ(take(), "a2") << "a younger one that it can do";
  EXPECT_EQ(take(), "-");
  EXPECT_EQ(take({"ocr"}), "a1");
  EXPECT_EQ(take({"ocr"}), "-");
  EXPECT_EQ(take({"ocr", "vision"}), "b1");
}

TEST_F(FairQueueTest, ABatchThatCannotBeDoneKeepsItsTurn) {
  push("a", "a1", {"ocr"});
  push("b", "b1");
  push("b", "b2");
  EXPECT_EQ(take(), "b1");
  EXPECT_EQ(take({"ocr"}), "a1");
  EXPECT_EQ(take({"ocr"}), "b2");
}

TEST_F(FairQueueTest, TheOldestOfAllKindsGoesFirst) {
  push("a", "a1", {"ocr"});
  push("a", "a2", {"vision"});
  push("a", "a3", {"ocr"});
  std::set<std::string> all{"ocr", "vision"};
  EXPECT_EQ(take(all), "a1");
  EXPECT_EQ(take(all), "a2");
  EXPECT_EQ(take(all), "a3");
}

TEST_F(FairQueueTest, WhatComesBackHasItsOldPlace) {
  for (auto item : {"a1", "a2", "a3"})
    push("a", item);
  EXPECT_EQ(take(), "a1");
  queue.push({"a"}, {}, 1, "a1 again");
  EXPECT_EQ(take(), "a1 again");
  EXPECT_EQ(take(), "a2");
}

TEST_F(FairQueueTest, ErasesWhatIsGoneAndKeepsTheTurns) {
  push("a", "x");
  push("b", "b1");
  push("b", "x");
  push("c", "c1", {"ocr"});
  queue.erase_if([](auto& item) { return item == "x"; });
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(take({"ocr"}), "b1");
  EXPECT_EQ(take({"ocr"}), "c1");
  EXPECT_TRUE(queue.empty());
  push("a", "a1");
  EXPECT_EQ(take(), "a1") << "as a new batch";
}

TEST_F(FairQueueTest, VisitsEachWithItsNeeds) {
  push("a", "a1", {"ocr"});
  push("a", "a2", {"ocr"});
  push("a", "a3");
  push("b", "b1");
  std::vector<std::string> seen;
  queue.visit([&](auto& needs, auto& item) {
    item += needs.empty() ? "" : " ocr";
    seen.push_back(item);
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"a3", "a1 ocr", "a2 ocr", "b1"}));
  EXPECT_EQ(take(), "a3");
  EXPECT_EQ(take(), "b1");
  EXPECT_EQ(take({"ocr"}), "a1 ocr") << "as it was left";
}

struct FairQueueFitTest : FairQueueTest {
  using fit = fair_queue<std::string>::fit;
  std::set<std::string> refused, disliked;

  std::string pick() {
    auto x = queue.take([](auto&) { return true; },
                        [&](const std::string& item) {
                          return refused.count(item)    ? fit::no
                                 : disliked.count(item) ? fit::if_need_be
                                                        : fit::yes;
                        });
    return x ? *x : "-";
  }
};

TEST_F(FairQueueFitTest, WhatDoesNotSuitHoldsUpNothing) {
  push("a", "a1");
  push("a", "a2");
  push("b", "b1");
  refused = {"a1", "b1"};
  EXPECT_EQ(pick(), "a2");
  EXPECT_EQ(pick(), "-");
  EXPECT_EQ(queue.size(), 2u);
  refused.clear();
  EXPECT_EQ(pick(), "b1") << "it kept its turn";
  EXPECT_EQ(pick(), "a1");
}

TEST_F(FairQueueFitTest, WhatSuitsIfNeedBeGoesLastInItsBatch) {
  push("a", "a1", {"ocr"});
  push("a", "a2");
  push("a", "a3", {"ocr"});
  push("b", "b1");
  disliked = {"a1", "a2", "b1"};
  EXPECT_EQ(pick(), "a3") << "younger, of another kind";
  EXPECT_EQ(pick(), "b1") << "turns are kept";
  EXPECT_EQ(pick(), "a1") << "of those the oldest";
  EXPECT_EQ(pick(), "a2");
}

TEST_F(FairQueueTest, AHundredThousandItemsAreAskedAboutOnce) {
  for (int i = 0; i < 100; ++i)
    for (int batch = 0; batch < 1'000; ++batch)
      push(std::to_string(batch), "x",
           batch % 2 ? std::set<std::string>{} : std::set<std::string>{"ocr"});
  ASSERT_EQ(queue.size(), 100'000u);
  std::size_t taken = 0;
  while (take({"ocr"}) != "-")
    ++taken;
  EXPECT_EQ(taken, 100'000u);
  EXPECT_EQ(asked, 100'000u);
}

TEST_F(FairQueueTest, WhoCannotDoMuchAsksOncePerBatchAndKind) {
  for (int batch = 0; batch < 1'000; ++batch)
    for (int i = 0; i < 100; ++i)
      push(std::to_string(batch), "x", {i % 2 ? "ocr" : "vision"});
  EXPECT_EQ(take(), "-");
  EXPECT_LE(asked, 2'000u);
}

} // namespace
