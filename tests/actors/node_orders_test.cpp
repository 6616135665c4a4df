#include "tests/actors/node_fixture.hpp"

#include <random>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// One random order of events after another; what must always hold is asked
/// after each event.
struct NodeOrdersTest : NodeFixture {
  std::mt19937 dice;
  uint64_t last_token = 0;
  bool cached = false, drained = false;
  std::set<uint64_t> over; ///< Tokens that the node knows to be no lease.
  std::size_t heard = 0, beats = 0;
  std::string steps;

  unsigned roll(std::size_t sides) {
    return static_cast<unsigned>(dice() % sides);
  }

  void one() {
    switch (roll(12)) {
    case 0:
    case 1:
    case 2:
      if (!server_->pulls.empty()) {
        steps += " job" + std::to_string(last_token + 1);
        give(job(++last_token));
      }
      break;
    case 3:
      if (!server_->pulls.empty())
        give(analysis_job{});
      break;
    case 4:
      stop_one();
      break;
    case 5:
    case 6:
      end_one();
      break;
    case 7:
    case 8:
      fetch_one();
      break;
    case 9:
      lose();
      break;
    case 10:
      steps += " pass";
      pass(std::chrono::milliseconds{roll(4'000)});
      break;
    case 11:
      rare();
      break;
    }
  }

  void rare() {
    auto what = roll(8);
    steps += " rare" + std::to_string(what);
    if (what == 0 && !drained) {
      check_words();
      drained = true;
      drain();
    } else if (what == 1) {
      server_->slow = !server_->slow;
    } else if (what == 2) {
      server_->ill = true; // the next word ends the connection
      pass(2s);
      server_->ill = false;
    } else if (what == 3) {
      up = !up;
    } else if (what == 4) {
      server_->refusal = server_->refusal.empty() ? "no" : "";
    } else if (!server_->reports.empty()) {
      server_->reports.front().deliver(true);
      server_->reports.erase(server_->reports.begin());
      settle();
    }
  }

  void stop_one() {
    std::vector<uint64_t> live;
    for (auto& [number, h] : state().holds)
      if (!h.stopped)
        live.push_back(h.job.token);
    if (live.empty())
      return;
    auto token = live[roll(live.size())];
    steps += " stop" + std::to_string(token);
    auto told = false;
    for (auto& [number, h] : state().holds)
      told |= h.job.token == token && h.told;
    stop(token);
    if (!told)
      over.insert(token);
  }

  void end_one() {
    auto slot = roll(slots.size());
    if (slots[slot]->work.empty())
      return;
    const char* ways[]{"", "crash", "start", "aborted"};
    steps += " end" + std::to_string(slot);
    ends(slot, ways[roll(4)]);
  }

  void fetch_one() {
    if (store_->asks.empty())
      return;
    steps += " fetch";
    if (roll(3) == 0)
      not_fetched();
    else
      fetched();
  }

  /// Now and then it is the server that ended: tokens begin at 1 again.
  void lose() {
    steps += " lose";
    for (auto& [number, h] : state().holds)
      if (!h.stopped) // else its server's count may be another
        over.insert(h.job.token);
    if (drained)
      heard = server_->heard.size(); // a leave may be on its way
    cut();
    if (roll(2) == 0) {
      last_token = 0;
      over.clear();
    }
  }

  /// Words about leases that are over: none.
  void check_words() {
    for (; heard < server_->heard.size(); ++heard) {
      auto& word = server_->heard[heard];
      auto space = word.find(' ');
      if (space != std::string::npos) {
        EXPECT_EQ(over.count(std::stoull(word.substr(space))), 0u)
            << word << " after:" << steps;
      }
      EXPECT_FALSE(drained && word == "pull") << steps;
    }
    for (; beats < server_->beats.size(); ++beats)
      for (auto token : server_->beats[beats])
        EXPECT_EQ(over.count(token), 0u) << "beat after:" << steps;
  }

  void check() {
    ASSERT_EQ(misplaced(), "") << steps;
    check_words();
    ASSERT_LE(left, 1) << steps;
  }

  /// Whatever was, with a good server all is well again.
  void come_to_rest() {
    up = true;
    server_->slow = server_->ill = false;
    server_->refusal.clear();
    for (auto& r : server_->reports)
      r.deliver(true);
    server_->reports.clear();
    settle();
    for (int i = 0; i < 3; ++i) {
      while (!store_->asks.empty())
        fetched();
      for (std::size_t s = 0; s < slots.size(); ++s)
        while (!slots[s]->work.empty())
          ends(s);
      pass(12s);
    }
    ASSERT_EQ(misplaced(), "") << steps;
    EXPECT_TRUE(state().holds.empty()) << steps;
    EXPECT_TRUE(store_->pinned.empty()) << steps;
    if (drained)
      EXPECT_EQ(left, 1) << steps;
    else
      EXPECT_EQ(state().pulling.size(), slots.size()) << steps;
  }

  void begin(unsigned seed) {
    dice.seed(seed);
    server_ = std::make_shared<server>();
    store_ = std::make_shared<store>();
    gate = gate_actor{};
    up = true;
    drained = false;
    left = 0;
    last_token = 0;
    over.clear();
    heard = beats = 0;
    steps = "seed " + std::to_string(seed);
    cached = roll(2) == 0;
    start(1 + roll(3), cached);
  }

  void finish() {
    ActorTest::TearDown();
    me = node_actor{};
    gate = gate_actor{};
  }
};

TEST_F(NodeOrdersTest, NoOrderOfEventsLosesASlot) {
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    begin(seed);
    for (auto n = 5 + roll(40); n > 0 && !HasFailure(); --n) {
      one();
      check();
    }
    come_to_rest();
    finish();
    ASSERT_FALSE(HasFailure());
  }
}

} // namespace
