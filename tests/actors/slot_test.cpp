#include "actors/depot.hpp"
#include "actors/slot.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <new>

using namespace vigie;

namespace {

struct SlotTest : ActorTest {
  struct script : job_runner {
    outcome<analysis_result> run(const analysis_job& job) override {
      if (job.token == 1)
        throw std::bad_alloc{};
      if (job.token == 2)
        return problem{code::internal, "time"};
      analysis_result r;
      r.error_code = "x";
      return r;
    }
    void abort(uint64_t) override {}
  };

  slot_actor worker;

  void SetUp() override {
    worker = track(sys.spawn(slot, std::make_shared<script>()));
  }

  report_ptr work(uint64_t token) {
    report_ptr out = std::make_shared<slot_report>();
    analysis_job j;
    j.token = token;
    auto r = self->request(worker, caf::infinite, work_atom_v, j);
    settle();
    r.receive([&](const report_ptr& x) { out = x; },
              [](const caf::error& e) { ADD_FAILURE() << to_string(e); });
    return out;
  }
};

TEST_F(SlotTest, AnswersTheResult) {
  EXPECT_FALSE(work(3)->broke);
  EXPECT_EQ(work(3)->result.error_code, "x");
}

TEST_F(SlotTest, SaysHowItBroke) {
  EXPECT_TRUE(work(2)->broke);
  EXPECT_EQ(work(2)->why, "time");
}

TEST_F(SlotTest, OutlivesARunnerThatThrows) {
  EXPECT_EQ(work(1)->why, "crash");
  EXPECT_FALSE(work(3)->broke);
}

TEST_F(SlotTest, TheDepotAnswersAChunkAndTheEndOfWhatItCannotRead) {
  struct one : chunk_source {
    outcome<std::string> read(const std::string& path, uint64_t at,
                              std::size_t most) override {
      if (path == "gone")
        return problem{code::no_such_file, "not there"};
      return path + "@" + std::to_string(at) + "/" + std::to_string(most);
    }
  };
  auto reader = track(sys.spawn(depot, std::make_shared<one>()));
  auto said = [&](const std::string& path) {
    std::string out;
    auto r =
        self->request(reader, caf::infinite, fetch_atom_v, path, uint64_t{7});
    settle();
    r.receive([&](const file_chunk& c) { out = c.bytes; },
              [&](const caf::error& e) { out = to_string(e); });
    return out;
  };
  EXPECT_EQ(said("b/n"), "b/n@7/1048576");
  EXPECT_EQ(said("gone"), "");
}

} // namespace
