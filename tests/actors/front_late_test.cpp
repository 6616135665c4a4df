// A store that takes longer than anybody waits: what it took in begins.
#include "actors/front.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <deque>
#include <functional>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

template <class T>
std::shared_ptr<const outcome<T>> good(T x) {
  return std::make_shared<const outcome<T>>(std::move(x));
}

/// Answers when the test says so.
struct late_store {
  bool slow_commits = false, slow_loads = false, slow_persists = false;
  std::optional<batch_status> status; ///< Of the one batch, as committed.
  bool down = false;                  ///< Refuses what is persisted.
  std::vector<std::string> said;
  std::deque<std::function<void()>> held;
  int jobs = 0; ///< That reached the hub: a pipeline is at it.

  answer_ptr take(const change& c) {
    auto how = applied::yes;
    if (std::holds_alternative<new_batch>(c.what)) {
      if (status == batch_status::processing
          || status == batch_status::completed)
        return good(change_answer{applied::duplicate, {}, {}});
      status = batch_status::processing;
    } else if (std::holds_alternative<batch_retry>(c.what)) {
      status = batch_status::processing;
      how = applied::restarted;
    } else if (auto* s = std::get_if<status_change>(&c.what)) {
      status = s->status;
    }
    for (auto& e : c.events)
      said.push_back(e.code);
    return good(change_answer{how, {}, {}});
  }
  batch_state state(const batch_id& id) const {
    batch_state out;
    out.id = id;
    out.status = status.value_or(batch_status::failed);
    file_record f;
    f.id = {1};
    f.filename = "n.txt";
    f.content_type = "text/plain";
    out.files = {f};
    return out;
  }
  void answer_all() {
    for (auto all = std::exchange(held, {}); auto& answer : all)
      answer();
  }
};
using store_ptr = std::shared_ptr<late_store>;

store_keeper_actor::behavior_type fake_store(store_keeper_actor::pointer me,
                                             store_ptr s) {
  /// What it does is done at once; what it says may come late.
  auto say = [me, s](auto answer, bool slow) {
    auto promise = me->make_response_promise<decltype(answer)>();
    if (slow)
      s->held.push_back(
          [promise, answer]() mutable { promise.deliver(answer); });
    else
      promise.deliver(answer);
    return promise;
  };
  return {
      [=](commit_atom, const change_ptr& c) {
        return say(s->take(*c), s->slow_commits);
      },
      [=](persist_atom, const change_ptr& c) {
        auto refused = std::make_shared<const outcome<change_answer>>(
            problem{code::storage_down, "no"});
        return say(s->down ? refused : s->take(*c), s->slow_persists);
      },
      [](flush_atom) {},
      [s](caf::tick_atom) { s->answer_all(); },
      [](ready_atom) { return true; },
      [](drain_atom) { return true; },
      [=](load_atom, const batch_id& id) {
        return say(good(s->state(id)), s->slow_loads);
      },
      [=](view_atom, const batch_id&) { return good(batch_view{}); },
      [](open_atom) { return good(std::vector<open_batch>{}); },
      [](recall_atom, const recall_ptr&) {
        return good(std::vector<model_answer>{});
      },
  };
}

struct FrontLateTest : ActorTest {
  store_ptr s = std::make_shared<late_store>();
  store_keeper_actor store;
  front_actor front_handle;

  void SetUp() override {
    front_args args;
    auto& p = args.pipelines;
    store = track(sys.spawn(fake_store, s));
    p.store = store;
    p.printer = track(sys.spawn([]() -> printer_actor::behavior_type {
      return {[](print_atom, const batch_id&) {
                return good(report_result{"%PDF", "abc"});
              },
              [](drain_atom) { return true; }};
    }));
    p.hub = track(sys.spawn([this](jobs_actor::pointer me) {
      return jobs_actor::behavior_type{
          [this, me](work_atom, const analysis_job&) {
            ++s->jobs; // never done
            return me->make_response_promise<analysis_result>();
          },
          [](stats_atom) { return hub_stats{}; }};
    }));
    p.now = [] { return utc_time{}; };
    args.limits = {1};
    front_handle = track(sys.spawn(front, std::move(args)));
    settle();
  }
  void TearDown() override {
    self->send_exit(front_handle, caf::exit_reason::user_shutdown);
    settle();
    ActorTest::TearDown();
  }

  auto post(std::chrono::seconds patience = 60s) {
    auto b = std::make_shared<new_batch>();
    b->id = {"b"};
    auto r =
        self->request(front_handle, patience, submit_atom_v, new_batch_ptr{b});
    settle();
    return r;
  }
  applied posted() {
    auto how = applied::yes;
    post().receive(
        [&](const submitted_ptr& x) {
          ASSERT_TRUE(*x);
          how = x->value().how;
        },
        [](const caf::error& e) { FAIL() << to_string(e); });
    return how;
  }
  template <class Answer, class Response>
  void nobody_hears(Response r) {
    r.receive([](const Answer&) { FAIL() << "in time"; },
              [](const caf::error&) {});
  }
  /// The store says what it has to say, and is quick from now on.
  void catches_up() {
    s->slow_commits = s->slow_loads = s->slow_persists = false;
    self->send(store, caf::tick_atom_v);
    settle();
  }
  uint64_t unfinished() {
    uint64_t n = 0;
    auto r = self->request(front_handle, caf::infinite, stats_atom_v);
    settle();
    r.receive([&](const front_stats& x) { n = x.unfinished; },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return n;
  }
  int count(std::string_view what) const {
    return static_cast<int>(std::count(s->said.begin(), s->said.end(), what));
  }
};

TEST_F(FrontLateTest, WhatIsCommittedLateBegins) {
  s->slow_commits = true;
  auto r = post();
  pass(61s);
  nobody_hears<submitted_ptr>(std::move(r));
  EXPECT_EQ(s->jobs, 0);
  catches_up();
  EXPECT_EQ(s->jobs, 1) << "a pipeline is at it";
  EXPECT_EQ(unfinished(), 1u);
  EXPECT_EQ(posted(), applied::duplicate);
  EXPECT_EQ(s->jobs, 1) << "and no second one";
}

TEST_F(FrontLateTest, TheSamePostAgainMeanwhileBeginsItOnce) {
  s->slow_commits = true;
  auto first = post();
  pass(61s);
  nobody_hears<submitted_ptr>(std::move(first));
  auto second = post();
  pass(30s);
  catches_up();
  second.receive(
      [](const submitted_ptr& x) {
        ASSERT_TRUE(*x);
        EXPECT_EQ(x->value().how, applied::duplicate);
      },
      [](const caf::error& e) { FAIL() << to_string(e); });
  EXPECT_EQ(s->jobs, 1);
  EXPECT_EQ(unfinished(), 1u);
}

TEST_F(FrontLateTest, ARetryThatIsCommittedLateBegins) {
  s->status = batch_status::failed;
  s->slow_commits = true;
  auto r = self->request(front_handle, 60s, retry_atom_v, batch_id{"b"});
  pass(61s);
  nobody_hears<done_ptr>(std::move(r));
  catches_up();
  EXPECT_EQ(s->jobs, 1);
}

TEST_F(FrontLateTest, APipelineWaitsForASlowStore) {
  s->slow_loads = true;
  EXPECT_EQ(posted(), applied::yes);
  pass(61s);
  EXPECT_EQ(s->status, batch_status::processing);
  catches_up();
  EXPECT_EQ(s->jobs, 1);
  EXPECT_EQ(count("pipeline:error"), 0);
}

TEST_F(FrontLateTest, WhatIsAtWorkInTheStoreAloneBeginsWhenPostedAgain) {
  s->status = batch_status::processing; // nobody is at it
  EXPECT_EQ(posted(), applied::duplicate);
  EXPECT_EQ(s->jobs, 1);
  EXPECT_EQ(count("pipeline:resumed"), 1);
  EXPECT_EQ(unfinished(), 1u);
  EXPECT_EQ(posted(), applied::duplicate);
  EXPECT_EQ(s->jobs, 1) << "once is enough";
}

TEST_F(FrontLateTest, WhatEndedWithoutARowBeginsWhenPostedAgain) {
  s->status = batch_status::processing;
  s->down = true;
  EXPECT_EQ(posted(), applied::duplicate);
  EXPECT_EQ(unfinished(), 0u) << "its pipeline has ended";
  EXPECT_EQ(s->status, batch_status::processing) << "and nobody wrote so";
  s->down = false;
  EXPECT_EQ(posted(), applied::duplicate);
  EXPECT_EQ(s->jobs, 1);
}

TEST_F(FrontLateTest, WhatIsBeingMarkedAsFailedDoesNotBegin) {
  s->status = batch_status::processing;
  s->down = s->slow_persists = true;
  EXPECT_EQ(posted(), applied::duplicate); // its first word is refused
  self->send(store, caf::tick_atom_v);
  settle();
  EXPECT_EQ(unfinished(), 0u);
  EXPECT_EQ(posted(), applied::duplicate);
  EXPECT_EQ(unfinished(), 0u) << "its end is on its way";
  catches_up();
}

TEST_F(FrontLateTest, WhatHasEndedDoesNotBegin) {
  s->status = batch_status::completed;
  EXPECT_EQ(posted(), applied::duplicate);
  EXPECT_EQ(s->jobs, 0);
  EXPECT_EQ(unfinished(), 0u);
}

} // namespace
