#include "actors/file_cache.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <gmock/gmock.h>

#include <deque>
#include <map>

using namespace vigie;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

namespace {

/// Files in memory; a seal fits when the bytes are `good`.
struct shelf : file_cache {
  std::map<std::string, std::string> whole, parts;
  std::map<std::string, int> pins;
  int begun = 0, dropped = 0;
  bool full = false;

  std::optional<std::string> find(const std::string& sha) override {
    if (!whole.count(sha))
      return std::nullopt;
    ++pins[sha];
    return sha;
  }
  outcome<done> begin(const std::string& sha, uint64_t) override {
    if (full)
      return problem{code::disk_full, "no room"};
    ++begun;
    parts[sha] = "";
    return done{};
  }
  outcome<done> append(const std::string& sha,
                       std::string_view bytes) override {
    parts.at(sha) += bytes;
    return done{};
  }
  outcome<std::string> seal(const std::string& sha, bool as_it_is) override {
    auto bytes = parts.at(sha);
    parts.erase(sha);
    if (bytes == "good") {
      whole[sha] = bytes;
      ++pins[sha];
      return sha;
    }
    if (!as_it_is)
      return problem{code::internal, "does not fit"};
    return sha + ".odd";
  }
  void drop(const std::string& sha) override {
    ++dropped;
    parts.erase(sha);
  }
  void unpin(const std::string& path) override { --pins[path]; }
};

struct FileCacheTest : ActorTest {
  using promise = caf::typed_response_promise<file_chunk>;
  struct ask {
    uint64_t token, offset;
    promise answer;
  };
  using told = std::vector<std::string>;

  std::shared_ptr<shelf> files = std::make_shared<shelf>();
  std::shared_ptr<std::deque<ask>> asks = std::make_shared<std::deque<ask>>();
  std::vector<uint64_t> offsets; ///< Asked so far.
  gate_actor gate;
  cache_actor cache;
  std::shared_ptr<told> out = std::make_shared<told>();

  void SetUp() override {
    gate = new_gate();
    cache = track(sys.spawn(file_fetcher, files));
  }

  gate_actor new_gate() {
    return track(sys.spawn([a = asks](gate_actor::pointer me) {
      return gate_actor::behavior_type{
          [](join_atom, const hello&) { return welcome{}; },
          [](pull_atom, const std::string&) { return analysis_job{}; },
          [](beat_atom, const std::string&, const lease_list& x) { return x; },
          [](result_atom, const std::string&, uint64_t,
             const analysis_result&) { return true; },
          [](broken_atom, const std::string&, uint64_t, const std::string&) {
            return true;
          },
          [](undone_atom, const std::string&, uint64_t) { return true; },
          [a, me](fetch_atom, const std::string&, uint64_t t, uint64_t at) {
            return a
                ->emplace_back(
                    ask{t, at, me->make_response_promise<file_chunk>()})
                .answer;
          },
          [](report_atom, const std::string&, uint64_t, const actor_sheet&) {
            return true;
          },
          [](lost_atom, const std::string&) { return true; },
          [](admin_atom, const admin_ask&) { return admin_answer{}; }};
    }));
  }

  /// A job wants its file; what it is told goes to `out`.
  void want(uint64_t token, const std::string& sha = "sha") {
    analysis_job j;
    j.token = token;
    j.sha256 = sha;
    auto name = std::to_string(token) + " ";
    track(sys.spawn([=, g = gate, c = cache,
                     o = out](caf::event_based_actor* me) -> caf::behavior {
      me->request(c, caf::infinite, fetch_atom_v, g, std::string{"boot"}, j)
          .then([=](const std::string& path) { o->push_back(name + path); },
                [=](const caf::error& e) {
                  o->push_back(name + "failed");
                  if (to_string(e).empty())
                    o->push_back("without a word");
                });
      return {[](drain_atom) {}};
    }));
    settle();
  }

  void chunk(const std::string& bytes) {
    ASSERT_FALSE(asks->empty());
    auto a = std::move(asks->front());
    asks->pop_front();
    offsets.push_back(a.offset);
    a.answer.deliver(file_chunk{bytes});
    settle();
  }

  void refuse() {
    auto a = std::move(asks->front());
    asks->pop_front();
    a.answer.deliver(caf::make_error(caf::sec::invalid_argument, "no lease"));
    settle();
  }
};

TEST_F(FileCacheTest, ChunksAreAskedForOneAtATimeInOrder) {
  want(7);
  EXPECT_EQ(asks->size(), 1u);
  chunk("go");
  EXPECT_EQ(asks->size(), 1u);
  chunk("od");
  chunk("");
  EXPECT_THAT(offsets, ElementsAre(0, 2, 4));
  EXPECT_THAT(*out, ElementsAre("7 sha"));
  EXPECT_EQ(files->pins["sha"], 1);
  EXPECT_TRUE(asks->empty());
}

TEST_F(FileCacheTest, WhatIsHereIsNotFetched) {
  files->whole["sha"] = "good";
  want(7);
  EXPECT_THAT(*out, ElementsAre("7 sha"));
  EXPECT_TRUE(asks->empty());
}

TEST_F(FileCacheTest, TwoJobsOnOneFileShareAFetch) {
  want(7);
  chunk("go");
  want(8);
  EXPECT_EQ(asks->size(), 1u);
  chunk("od");
  chunk("");
  EXPECT_THAT(*out, ElementsAre("7 sha", "8 sha"));
  EXPECT_EQ(files->pins["sha"], 2) << "one for each";
  EXPECT_EQ(files->begun, 1);
}

TEST_F(FileCacheTest, TwoFilesComeSideBySide) {
  want(7, "a");
  want(8, "b");
  EXPECT_EQ(asks->size(), 2u);
}

TEST_F(FileCacheTest, AFetchGoesOnWithTheNextLease) {
  want(7);
  want(8);
  chunk("go");
  refuse();
  EXPECT_THAT(*out, ElementsAre("7 failed"));
  ASSERT_EQ(asks->size(), 1u);
  EXPECT_EQ(asks->front().token, 8u);
  EXPECT_EQ(asks->front().offset, 2u) << "from where it is";
  chunk("od");
  chunk("");
  EXPECT_THAT(*out, ElementsAre("7 failed", "8 sha"));
}

TEST_F(FileCacheTest, WithoutALeaseNothingIsKept) {
  want(7);
  chunk("go");
  refuse();
  EXPECT_THAT(*out, ElementsAre("7 failed"));
  EXPECT_TRUE(files->parts.empty());
  want(8);
  EXPECT_EQ(asks->front().offset, 0u);
}

TEST_F(FileCacheTest, BytesThatDoNotFitAreAskedForOnceMore) {
  want(7);
  chunk("bad");
  chunk("");
  EXPECT_TRUE(out->empty());
  chunk("good");
  chunk("");
  EXPECT_THAT(*out, ElementsAre("7 sha"));
  EXPECT_THAT(offsets, ElementsAre(0, 3, 0, 4));
}

TEST_F(FileCacheTest, BytesThatNeverFitAreHandedOutAsTheyAre) {
  want(7);
  for (int i = 0; i < 2; ++i) {
    chunk("bad");
    chunk("");
  }
  EXPECT_THAT(*out, ElementsAre("7 sha.odd"));
  want(8);
  EXPECT_EQ(asks->size(), 1u) << "not kept";
}

TEST_F(FileCacheTest, EachJobGetsAnOddFileOfItsOwn) {
  want(7);
  want(8);
  for (int i = 0; i < 4; ++i) {
    chunk("bad");
    chunk("");
  }
  EXPECT_THAT(*out, ElementsAre("7 sha.odd", "8 sha.odd"));
}

TEST_F(FileCacheTest, AFullDiskIsToldToAll) {
  want(7);
  want(8);
  files->full = true;
  want(9, "other");
  EXPECT_THAT(*out, ElementsAre("9 failed"));
  chunk("bad");
  chunk(""); // begins again
  EXPECT_THAT(*out, ElementsAre("9 failed", "7 failed", "8 failed"));
}

TEST_F(FileCacheTest, AGateThatIsGoneIsToldAtOnce) {
  want(7, "a");
  want(8, "a");
  want(9, "b");
  caf::anon_send_exit(gate, caf::exit_reason::kill);
  settle();
  EXPECT_EQ(out->size(), 3u);
  EXPECT_TRUE(files->parts.empty());
}

TEST_F(FileCacheTest, ALateChunkOfAnOldFetchIsIgnored) {
  want(7);
  auto old = std::move(asks->front());
  asks->clear();
  caf::anon_send_exit(gate, caf::exit_reason::kill);
  settle();
  gate = new_gate();
  want(8);
  old.answer.deliver(file_chunk{"good"});
  settle();
  EXPECT_EQ(files->parts.at("sha"), "");
  EXPECT_EQ(asks->size(), 1u);
  chunk("good");
  chunk("");
  EXPECT_THAT(*out, ElementsAre("7 failed", "8 sha"));
}

TEST_F(FileCacheTest, AGateThatIsSilentIsGivenUp) {
  want(7);
  pass(59s);
  EXPECT_TRUE(out->empty());
  pass(1s);
  EXPECT_THAT(*out, ElementsAre("7 failed"));
}

TEST_F(FileCacheTest, AnUnpinnedFileIsTold) {
  files->whole["sha"] = "good";
  want(7);
  self->send(cache, unpin_atom_v, std::string{"sha"});
  settle();
  EXPECT_EQ(files->pins["sha"], 0);
}

} // namespace
