#include "actors/janitor.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <algorithm>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct fake_archive : archive {
  std::vector<ended_batch> ended;
  disk_figure figure{100, 50};
  int looks = 0;

  outcome<std::vector<ended_batch>> oldest_ended(std::size_t limit) override {
    ++looks;
    auto out = ended;
    out.resize(std::min(limit, out.size()));
    return out;
  }
  outcome<disk_figure> disk() override { return figure; }
};

struct JanitorTest : ActorTest {
  std::shared_ptr<fake_archive> shelves = std::make_shared<fake_archive>();
  std::vector<std::string> asked, log;
  std::string busy; ///< FRONT refuses to delete this one.
  utc_time now{1'000'000s};
  janitor_args args;

  /// Takes the commands of FRONT that JANITOR sends.
  front_actor fake_front() {
    auto any = sys.spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](erase_atom, const batch_id& id) {
        asked.push_back(id.text);
        auto answer = outcome<done>{done{}};
        if (id.text == busy)
          answer = problem{code::batch_busy, "at work"};
        else
          std::erase_if(shelves->ended, [&](auto& b) {
            if (b.id == id)
              shelves->figure.used -= b.bytes / 2; // less than estimated
            return b.id == id;
          });
        return std::make_shared<const outcome<done>>(answer);
      }};
    });
    return caf::actor_cast<front_actor>(track(any));
  }
  void start(retention_rules rules) {
    args.rules = rules;
    args.shelves = shelves;
    args.front = fake_front();
    args.now = [this] { return now; };
    args.log = [this](const std::string& line) { log.push_back(line); };
    track(sys.spawn(janitor, args));
    settle();
  }
  void add(std::string id, std::chrono::seconds ago, uint64_t bytes = 10) {
    shelves->ended.push_back({{std::move(id)}, now - ago, bytes});
  }
};

TEST_F(JanitorTest, LooksAMinuteAfterTheStartThenOnceAPeriod) {
  start({15s, 0, 0});
  pass(59s);
  EXPECT_EQ(shelves->looks, 0);
  pass(1s);
  EXPECT_EQ(shelves->looks, 1);
  pass(599s);
  EXPECT_EQ(shelves->looks, 1);
  pass(1s);
  EXPECT_EQ(shelves->looks, 2);
  EXPECT_TRUE(log.empty());
}

TEST_F(JanitorTest, DeletesWhatIsTooOldByFrontAndSaysSoOnce) {
  add("a", 30s);
  add("b", 20s);
  add("c", 10s);
  start({15s, 0, 0});
  pass(60s);
  EXPECT_EQ(asked, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(log, std::vector<std::string>{"retention: 2 batches deleted"});
}

TEST_F(JanitorTest, ABatchThatIsAtWorkAgainIsLeftAlone) {
  add("a", 30s);
  add("b", 20s);
  busy = "a";
  start({15s, 0, 0});
  pass(60s);
  EXPECT_EQ(asked, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(log, std::vector<std::string>{"retention: 1 batches deleted"});
}

TEST_F(JanitorTest, ALongRunIsCutAndGoesOnASecondLater) {
  for (auto n = 0; n < 5; ++n)
    add(std::to_string(n), 30s);
  start({15s, 0, 0, 2});
  pass(60s);
  EXPECT_EQ(asked.size(), 2u);
  pass(1s);
  EXPECT_EQ(asked.size(), 4u);
  pass(1s);
  EXPECT_EQ(asked.size(), 5u);
}

TEST_F(JanitorTest, AFullDiskIsAskedAgainUntilItIsBelowLow) {
  for (auto n = 0; n < 9; ++n)
    add(std::to_string(n), 30s);
  shelves->figure.used = 95;
  start({0s, 90, 80});
  pass(70s);
  EXPECT_LE(shelves->figure.used, 80u);
  EXPECT_EQ(asked.size(), 3u) << "each freed half of what was estimated";
}

TEST_F(JanitorTest, ThatNothingIsLeftIsSaidOnce) {
  shelves->figure.used = 95;
  start({0s, 90, 80});
  pass(3h);
  EXPECT_EQ(log.size(), 1u);
  shelves->figure.used = 10;
  pass(1h);
  shelves->figure.used = 95;
  pass(1h);
  EXPECT_EQ(log.size(), 2u) << "a new trouble";
}

} // namespace
