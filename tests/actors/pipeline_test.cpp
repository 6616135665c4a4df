#include "actors/front.hpp"
#include "actors/worker_hub.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <algorithm>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

template <class T>
std::shared_ptr<const outcome<T>> good(T x) {
  return std::make_shared<const outcome<T>>(std::move(x));
}

/// What the fakes remember: every commit, in order.
struct memory {
  std::vector<change> log;
  batch_state state;
  batch_view view;
  bool broken = false;

  answer_ptr take(const change& c) {
    if (broken)
      return std::make_shared<const outcome<change_answer>>(
          problem{code::storage_down, "disk gone"});
    log.push_back(c);
    return good(change_answer{});
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> out;
    for (auto& c : log)
      for (auto& e : c.events)
        out.push_back(e.code);
    return out;
  }

  template <class T>
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::count_if(log.begin(), log.end(), [](const change& c) {
          return std::holds_alternative<T>(c.what);
        }));
  }
};

using memory_ptr = std::shared_ptr<memory>;

store_keeper_actor::behavior_type fake_store(store_keeper_actor::pointer,
                                             memory_ptr m) {
  return {
      [m](commit_atom, const change_ptr& what) { return m->take(*what); },
      [m](persist_atom, const change_ptr& what) { return m->take(*what); },
      [](flush_atom) {},
      [](caf::tick_atom) {},
      [](ready_atom) { return true; },
      [](drain_atom) { return true; },
      [m](load_atom, const batch_id& id) -> state_ptr {
        if (id == m->state.id)
          return good(m->state);
        return std::make_shared<const outcome<batch_state>>(
            problem{code::no_such_batch, "Batch not found"});
      },
      [m](view_atom, const batch_id&) { return good(m->view); },
      [m](open_atom) { return good(std::vector<open_batch>{{m->state.id}}); },
      [](recall_atom, const recall_ptr&) {
        return good(std::vector<model_answer>{});
      },
  };
}

printer_actor::behavior_type fake_printer(printer_actor::pointer) {
  return {[](print_atom, const batch_id&) {
            return good(report_result{"%PDF", "abc"});
          },
          [](drain_atom) { return true; }};
}

jobs_actor::behavior_type eager_hub(jobs_actor::pointer) {
  return {[](work_atom, const analysis_job& job) {
            analysis_result r;
            if (job.filename == "evil.pdf" && job.what == stage::vision) {
              r.ok = false;
              r.error_code = "worker-broken";
              r.error_message = "arrêt brutal";
            }
            return r;
          },
          [](stats_atom) { return hub_stats{}; }};
}

struct PipelineTest : ActorTest {
  memory_ptr m = std::make_shared<memory>();
  pipeline_args args;

  void SetUp() override {
    args.store = track(sys.spawn(fake_store, m));
    args.printer = track(sys.spawn(fake_printer));
    args.hub = track(sys.spawn(eager_hub));
    args.now = [] { return utc_time{}; };
    args.root = "/nowhere";
    m->state.id = {"b"};
    m->view.report_hash = "abc";
    add("a.png", "image/png");
    add("n.txt", "text/plain");
  }

  void add(std::string name, std::string type) {
    file_record f;
    f.id = {static_cast<int64_t>(m->state.files.size() + 1)};
    f.filename = std::move(name);
    f.content_type = std::move(type);
    m->state.files.push_back(std::move(f));
  }

  void run(bool resumed = false) {
    auto p = sys.spawn(pipeline, batch_id{"b"}, args);
    self->send(p, begin_atom_v, resumed);
    p = nullptr;
    settle();
  }
};

TEST_F(PipelineTest, SaysEveryStageInTheOrderOfTheContract) {
  run();
  EXPECT_EQ(m->codes(),
            (std::vector<std::string>{
                "metadata:extracted", "analysis:start", "vision:start",
                "vision:complete", "ocr:start", "ocr:start", "ocr:complete",
                "ocr:complete", "analysis:complete", "scoring:complete",
                "summary:complete", "report:generated", "report:available"}));
}

TEST_F(PipelineTest, EndsCompletedWithTheHashOfTheStoredReport) {
  run();
  auto& last = m->log.back();
  EXPECT_EQ(std::get<status_change>(last.what).status, batch_status::completed);
  EXPECT_EQ(last.events.front().report_hash, "abc");
  EXPECT_EQ(last.events.front().report_url, "/api/v1/ingestion/reports/b");
}

TEST_F(PipelineTest, ResumingSkipsWhatIsStored) {
  for (auto& f : m->state.files)
    for (auto what : {stage::metadata, stage::vision, stage::text})
      m->state.done.push_back({f.id, what, {}});
  m->state.joined = true;
  m->state.done_after = {stage::gemini, stage::scoring};
  m->state.said = {"metadata:extracted", "analysis:start"};
  run(true);
  EXPECT_EQ(m->codes(),
            (std::vector<std::string>{"pipeline:resumed", "summary:complete",
                                      "report:generated", "report:available"}));
  EXPECT_EQ(m->count<file_result>(), 0u);
}

TEST_F(PipelineTest, AQuarantinedFileDoesNotSinkTheBatch) {
  add("evil.pdf", "application/pdf");
  run();
  auto codes = m->codes();
  EXPECT_EQ(std::count(codes.begin(), codes.end(), "file:quarantined"), 1);
  EXPECT_EQ(codes.back(), "report:available");
  for (auto& c : m->log)
    for (auto& e : c.events)
      if (e.code == "file:quarantined") {
        EXPECT_EQ(std::get<std::string>(e.details.at("message")),
                  "arrêt brutal");
      }
}

TEST_F(PipelineTest, AStoreThatIsDownEndsThePipelineWithAnError) {
  m->broken = true;
  auto p = sys.spawn(pipeline, batch_id{"b"}, args);
  self->monitor(p);
  self->send(p, begin_atom_v, false);
  settle();
  self->receive([](const caf::down_msg& d) {
    EXPECT_NE(d.reason, caf::exit_reason::normal);
  });
}

TEST_F(PipelineTest, FrontAnswersBeforeAnyWorkAndRefusesWhenFull) {
  args.hub = track(sys.spawn([](hub_actor::stateful_pointer<hub_state> hub) {
    return worker_hub(hub, hub_rules{}); // nobody pulls: work waits
  }));
  auto front_handle = track(sys.spawn(front, front_args{args, {1}, {}}));
  auto post = [&](std::string id) {
    auto b = std::make_shared<new_batch>();
    b->id = {std::move(id)};
    auto r = self->request(front_handle, caf::infinite, submit_atom_v,
                           new_batch_ptr{b});
    settle();
    return r;
  };
  post("b").receive(
      [](const submitted_ptr& x) { EXPECT_TRUE(static_cast<bool>(*x)); },
      [](const caf::error& e) { FAIL() << to_string(e); });
  post("c").receive(
      [](const submitted_ptr& x) {
        ASSERT_FALSE(*x);
        EXPECT_EQ(x->why().id, code::busy);
      },
      [](const caf::error& e) { FAIL() << to_string(e); });
  self->send_exit(front_handle, caf::exit_reason::user_shutdown);
  settle(); // takes its pipeline along, else TearDown complains
}

} // namespace
