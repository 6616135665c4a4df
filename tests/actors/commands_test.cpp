// Cancel, retry and delete at FRONT, with the real PIPELINE and WORKER_HUB.
#include "actors/front.hpp"
#include "tests/actors/hub_fixture.hpp"

#include <algorithm>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

template <class T>
std::shared_ptr<const outcome<T>> good(T x) {
  return std::make_shared<const outcome<T>>(std::move(x));
}

answer_ptr refused(code id) {
  return std::make_shared<const outcome<change_answer>>(problem{id, "no"});
}

/// The store's rule about the end of a batch, and what was said.
struct memory {
  batch_state state;
  std::vector<std::string> said; ///< Codes and statuses, in order.
  int files_stored = 0;
  std::string released; ///< By the last retry.

  answer_ptr take(const change& c) {
    auto reopens = std::holds_alternative<batch_retry>(c.what)
                   || std::holds_alternative<erasure>(c.what)
                   || std::holds_alternative<new_batch>(c.what);
    auto at_work = state.status == batch_status::processing;
    if (!at_work && !reopens)
      return good(change_answer{applied::duplicate, {}, {}});
    if (at_work && reopens && !std::holds_alternative<new_batch>(c.what))
      return refused(code::batch_busy);
    if (auto* s = std::get_if<status_change>(&c.what))
      state.status = s->status;
    else if (reopens)
      state.status = batch_status::processing;
    if (auto* again = std::get_if<batch_retry>(&c.what))
      released = again->release;
    files_stored += std::holds_alternative<file_result>(c.what) ? 1 : 0;
    for (auto& e : c.events)
      said.push_back(e.deleted        ? "deleted"
                     : e.code.empty() ? std::string{to_string(*e.status)}
                                      : e.code);
    return good(change_answer{applied::restarted, {}, {}});
  }
  int count(std::string_view what) const {
    return static_cast<int>(std::count(said.begin(), said.end(), what));
  }
};

store_keeper_actor::behavior_type fake_store(store_keeper_actor::pointer,
                                             std::shared_ptr<memory> m) {
  return {
      [m](commit_atom, const change_ptr& what) { return m->take(*what); },
      [m](persist_atom, const change_ptr& what) { return m->take(*what); },
      [](flush_atom) {},
      [](caf::tick_atom) {},
      [](ready_atom) { return true; },
      [](drain_atom) { return true; },
      [m](load_atom, const batch_id& id) {
        auto found = m->state;
        found.id = id;
        return good(found);
      },
      [](view_atom, const batch_id&) { return good(batch_view{}); },
      [](open_atom) { return good(std::vector<open_batch>{}); },
      [](recall_atom, const recall_ptr&) {
        return good(std::vector<model_answer>{});
      },
  };
}

struct CommandsTest : HubFixture {
  std::shared_ptr<memory> m = std::make_shared<memory>();
  pipeline_args args;
  front_actor front_handle;
  std::size_t standing = 0; ///< Actors without any batch.
  batch_id id{"b"};

  void SetUp() override {
    args.store = track(sys.spawn(fake_store, m));
    args.printer = track(sys.spawn([]() -> printer_actor::behavior_type {
      return {[](print_atom, const batch_id&) {
                return good(report_result{"%PDF", "abc"});
              },
              [](drain_atom) { return true; }};
    }));
    start_hub({});
    args.hub = hub;
    args.now = [] { return utc_time{}; };
    m->state.id = id;
    m->state.status = batch_status::cancelled;
    for (auto name : {"a.txt", "b.txt"}) {
      file_record f;
      f.id = {static_cast<int64_t>(m->state.files.size() + 1)};
      f.filename = name;
      f.content_type = "text/plain";
      m->state.files.push_back(std::move(f));
    }
    front_handle = track(sys.spawn(front, front_args{args, {1}, {}}));
    settle();
    join("slot");
    standing = sys.registry().running();
  }
  void TearDown() override {
    self->send_exit(front_handle, caf::exit_reason::user_shutdown);
    settle();
    ActorTest::TearDown();
  }

  auto post() {
    auto b = std::make_shared<new_batch>();
    b->id = id;
    return self->request(front_handle, caf::infinite, submit_atom_v,
                         new_batch_ptr{b});
  }
  void posted() {
    auto r = post();
    settle();
    r.receive([](const submitted_ptr& x) { EXPECT_TRUE(bool{*x}); },
              [](const caf::error& e) { FAIL() << to_string(e); });
  }
  template <class Atom>
  auto ask(Atom what) {
    return self->request(front_handle, caf::infinite, what, id);
  }
  /// The refusal, or nothing.
  template <class Response>
  std::optional<code> told(Response&& r) {
    settle();
    std::optional<code> out = code::internal;
    std::forward<Response>(r).receive(
        [&](const done_ptr& x) {
          out = *x ? std::nullopt : std::optional{x->why().id};
        },
        [](const caf::error& e) { FAIL() << to_string(e); });
    return out;
  }
  hub_stats queue() {
    hub_stats out;
    auto r = self->request(hub, caf::infinite, stats_atom_v);
    settle();
    r.receive([&](const hub_stats& x) { out = x; },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return out;
  }
  analysis_job pull() { return HubFixture::pull("slot"); }
  void finish(const analysis_job& done) { HubFixture::finish("slot", done); }
};

TEST_F(CommandsTest, ACancelTakesTheWholeChainAndItsQueuedWorkAlong) {
  posted();
  EXPECT_EQ(queue().queued, 2u);
  EXPECT_GT(sys.registry().running(), standing);
  EXPECT_EQ(told(ask(cancel_atom_v)), std::nullopt);
  EXPECT_EQ(m->state.status, batch_status::cancelled);
  EXPECT_EQ(m->count("pipeline:cancelled"), 1);
  EXPECT_EQ(queue().queued, 0u);
  EXPECT_EQ(pull().id, 0u) << "a slot gets nothing of it";
  EXPECT_EQ(sys.registry().running(), standing) << "somebody stayed";
}

TEST_F(CommandsTest, AJobThatIsRunningComesTooLate) {
  posted();
  auto job = pull();
  ASSERT_NE(job.id, 0u);
  EXPECT_EQ(told(ask(cancel_atom_v)), std::nullopt);
  EXPECT_EQ(queue().leased, 0u);
  auto said = m->said;
  finish(job);
  EXPECT_EQ(m->said, said);
  EXPECT_EQ(m->files_stored, 0);
}

TEST_F(CommandsTest, ACancelThatComesAfterTheEndIsRefused) {
  m->state.status = batch_status::completed;
  EXPECT_EQ(told(ask(cancel_atom_v)), code::batch_ended);
  EXPECT_TRUE(m->said.empty());
}

TEST_F(CommandsTest, OfCancelAndCompletionOneIsTold) {
  posted();
  for (auto n = 0; n < 5; ++n) // the sixth result is the last
    finish(pull());
  auto job = pull();
  ASSERT_NE(job.id, 0u);
  self->send(hub, result_atom_v, std::string{"slot"}, job.token,
             analysis_result{});
  auto answer = told(ask(cancel_atom_v)); // both are on their way
  auto completed = m->count("report:available");
  EXPECT_EQ(completed + m->count("pipeline:cancelled"), 1);
  EXPECT_EQ(answer,
            completed ? std::optional{code::batch_ended} : std::nullopt);
  EXPECT_EQ(sys.registry().running(), standing);
}

TEST_F(CommandsTest, WhoPostsDuringACancelWaitsForItsEnd) {
  posted();
  auto first = pull();
  auto cancelled = ask(cancel_atom_v);
  auto twice = ask(cancel_atom_v);
  auto again = post();
  EXPECT_EQ(told(std::move(cancelled)), std::nullopt);
  EXPECT_EQ(told(std::move(twice)), code::batch_ended);
  again.receive([](const submitted_ptr& x) { EXPECT_TRUE(bool{*x}); },
                [](const caf::error& e) { FAIL() << to_string(e); });
  EXPECT_EQ(m->state.status, batch_status::processing);
  EXPECT_EQ(queue().queued, 2u) << "of the new chain";
  finish(first);
  EXPECT_EQ(m->files_stored, 0) << "of the old one";
  EXPECT_EQ(told(ask(cancel_atom_v)), std::nullopt);
  EXPECT_EQ(sys.registry().running(), standing);
}

TEST_F(CommandsTest, ACancelIsAnsweredWhenTheLastOfTheChainIsGone) {
  posted();
  auto first = ask(cancel_atom_v);
  auto second = ask(cancel_atom_v);
  while (!self->has_next_message()) {
    scheduler.prioritize(front_handle); // as early as it can
    ASSERT_TRUE(scheduler.try_run_once());
  }
  EXPECT_EQ(sys.registry().running(), standing);
  EXPECT_EQ(told(std::move(first)), std::nullopt);
  EXPECT_EQ(told(std::move(second)), code::batch_ended);
}

TEST_F(CommandsTest, ARetryGoesBackToWorkAndABusyBatchIsLeftAlone) {
  EXPECT_EQ(told(ask(retry_atom_v)), std::nullopt);
  EXPECT_EQ(m->said.front(), "processing");
  EXPECT_EQ(queue().queued, 2u);
  EXPECT_EQ(told(ask(retry_atom_v)), code::batch_busy);
  EXPECT_EQ(told(ask(erase_atom_v)), code::batch_busy);
  id = {"other"};
  EXPECT_EQ(told(ask(retry_atom_v)), code::busy) << "the limit is 1";
}

TEST_F(CommandsTest, AReleaseIsARetryOfOneFile) {
  EXPECT_EQ(told(self->request(front_handle, caf::infinite, retry_atom_v, id,
                               std::string{"a.txt"})),
            std::nullopt);
  EXPECT_EQ(m->released, "a.txt");
  EXPECT_EQ(m->said.front(), "processing");
  EXPECT_EQ(queue().queued, 2u) << "a pipeline is at it";
  EXPECT_EQ(told(ask(cancel_atom_v)), std::nullopt);
  EXPECT_EQ(told(ask(retry_atom_v)), std::nullopt);
  EXPECT_EQ(m->released, "") << "a retry is of all files";
}

TEST_F(CommandsTest, ADeletionIsToldOnce) {
  EXPECT_EQ(told(ask(erase_atom_v)), std::nullopt);
  EXPECT_EQ(m->said, std::vector<std::string>{"deleted"});
}

} // namespace
