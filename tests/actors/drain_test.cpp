// The server stops: FRONT, PIPELINE and its stages, before a hub by hand.
#include "actors/front.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <algorithm>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

template <class T>
std::shared_ptr<const outcome<T>> good(T x) {
  return std::make_shared<const outcome<T>>(std::move(x));
}

struct world {
  std::vector<change> stored;
  batch_state state;
  hub_stats hub;
  std::vector<caf::typed_response_promise<analysis_result>> jobs;
};
using world_ptr = std::shared_ptr<world>;

store_keeper_actor::behavior_type fake_store(store_keeper_actor::pointer,
                                             world_ptr w) {
  auto take = [w](const change_ptr& c) {
    w->stored.push_back(*c);
    return good(change_answer{});
  };
  return {
      [take](commit_atom, const change_ptr& c) { return take(c); },
      [take](persist_atom, const change_ptr& c) { return take(c); },
      [](flush_atom) {},
      [](caf::tick_atom) {},
      [](ready_atom) { return true; },
      [](drain_atom) { return true; },
      [w](load_atom, const batch_id&) { return good(w->state); },
      [](view_atom, const batch_id&) { return good(batch_view{}); },
      [](open_atom) { return good(std::vector<open_batch>{}); },
      [](recall_atom, const recall_ptr&) {
        return good(std::vector<model_answer>{});
      },
  };
}

/// Only the work it gets matters; the rest of its interface is not called.
caf::behavior fake_hub(caf::event_based_actor* me, world_ptr w) {
  return {[me, w](work_atom, const analysis_job&) {
            w->jobs.push_back(me->make_response_promise<analysis_result>());
            return w->jobs.back();
          },
          [w](stats_atom) { return w->hub; },
          [w](flush_atom) { w->jobs[0].deliver(analysis_result{}); }};
}

struct DrainTest : ActorTest {
  world_ptr w = std::make_shared<world>();
  std::vector<std::string> log;
  front_actor front_handle;
  caf::actor hub;

  auto submit(std::string id) {
    auto b = std::make_shared<new_batch>();
    b->id = {std::move(id)};
    auto r = self->request(front_handle, caf::infinite, submit_atom_v,
                           new_batch_ptr{b});
    settle();
    return r;
  }

  void SetUp() override {
    front_args args;
    auto& p = args.pipelines;
    p.store = track(sys.spawn(fake_store, w));
    p.printer = track(sys.spawn([]() -> printer_actor::behavior_type {
      return {[](print_atom, const batch_id&) {
                return good(report_result{"%PDF", "abc"});
              },
              [](drain_atom) { return true; }};
    }));
    hub = track(sys.spawn(fake_hub, w));
    p.hub = caf::actor_cast<hub_actor>(hub);
    p.now = [] { return utc_time{}; };
    args.log = [this](const std::string& line) { log.push_back(line); };
    w->state.id = {"b"};
    for (auto n = 1; n <= 9; ++n) { // a stage works at eight at once
      file_record f;
      f.id = {n};
      f.filename = std::to_string(n) + ".txt";
      f.content_type = "text/plain";
      w->state.files.push_back(std::move(f));
    }
    front_handle = track(sys.spawn(front, std::move(args)));
    submit("b").receive([](const submitted_ptr& x) { ASSERT_TRUE(*x); },
                        [](const caf::error& e) { FAIL() << to_string(e); });
  }
  auto drain(std::chrono::seconds bound = 20s) {
    auto r = self->request(front_handle, caf::infinite, drain_atom_v,
                           caf::timespan{bound});
    settle();
    return r;
  }
  bool answered() { return self->has_next_message(); }
  std::size_t results() const {
    return static_cast<std::size_t>(
        std::count_if(w->stored.begin(), w->stored.end(), [](auto& c) {
          return std::holds_alternative<file_result>(c.what);
        }));
  }
};

TEST_F(DrainTest, AJobThatRunsIsStoredAndNothingFollowsIt) {
  ASSERT_EQ(w->jobs.size(), 8u);
  w->hub.leased = 1; // the others are queued
  auto r = drain();
  EXPECT_FALSE(answered());
  pass(5s);
  EXPECT_FALSE(answered());
  self->send(hub, flush_atom_v);
  w->hub.leased = 0;
  pass(100ms);
  ASSERT_TRUE(answered());
  r.receive([](bool all) { EXPECT_TRUE(all); },
            [](const caf::error& e) { FAIL() << to_string(e); });
  EXPECT_EQ(results(), 1u);
  EXPECT_EQ(w->jobs.size(), 8u) << "no new job";
  EXPECT_EQ(log, std::vector<std::string>{"waiting for 1 jobs of workers"});
}

TEST_F(DrainTest, WhatTakesLongerThanTheBoundIsGivenUp) {
  w->hub.leased = 1;
  auto r = drain(3s);
  pass(2'999ms);
  EXPECT_FALSE(answered());
  pass(101ms);
  ASSERT_TRUE(answered());
  r.receive([](bool all) { EXPECT_FALSE(all); },
            [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(DrainTest, QueuedWorkDoesNotHoldItUp) {
  w->hub.queued = 2;
  auto r = drain();
  ASSERT_TRUE(answered()) << "at once";
  r.receive([](bool all) { EXPECT_TRUE(all); },
            [](const caf::error& e) { FAIL() << to_string(e); });
}

TEST_F(DrainTest, NothingBeginsMeanwhile) {
  w->hub.leased = 1;
  auto r = drain(1s);
  submit("c").receive(
      [](const submitted_ptr& x) {
        ASSERT_FALSE(*x);
        EXPECT_EQ(x->why().id, code::draining);
      },
      [](const caf::error& e) { FAIL() << to_string(e); });
  auto again =
      self->request(front_handle, caf::infinite, retry_atom_v, batch_id{"b"});
  settle();
  again.receive(
      [](const done_ptr& x) { EXPECT_EQ(x->why().id, code::draining); },
      [](const caf::error& e) { FAIL() << to_string(e); });
  pass(2s);
  r.receive([](bool) {}, [](const caf::error& e) { FAIL() << to_string(e); });
}

} // namespace
