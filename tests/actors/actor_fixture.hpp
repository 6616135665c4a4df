#pragma once

#include "actors/protocol.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace vigie {

/// One thread, one fake clock: nothing moves until the test says so.
class ActorTest : public ::testing::Test {
protected:
  struct config : caf::actor_system_config {
    config() {
      add_message_types<caf::id_block::vigie>();
      set("scheduler.policy", caf::atom("testing"));
    }
  };

  /// Delivers every message that is ready now. Timers stay untouched.
  void settle() {
    scheduler.run();
    step_out();
  }

  /// Moves the fake clock timer by timer, each at its own instant.
  void pass(caf::timespan dt) {
    struct open : caf::detail::test_actor_clock {
      using open::simple_actor_clock::schedule_;
    };
    auto& clock = scheduler.clock();
    auto& schedule = clock.*(&open::schedule_);
    const auto end = clock.now() + dt;
    for (scheduler.run(); !schedule.empty() && schedule.begin()->first <= end;
         scheduler.run())
      clock.trigger_timeout();
    scheduler.advance_time(end - clock.now());
    settle();
  }

  /// Ends with the test: an actor left alive would hang the actor system.
  template <class Handle>
  Handle track(Handle h) {
    tracked_.push_back(caf::actor_cast<caf::actor>(h));
    return h;
  }

  void TearDown() override {
    for (auto& a : tracked_)
      caf::anon_send_exit(a, caf::exit_reason::kill);
    tracked_.clear();
    scheduler.run();
    ASSERT_LE(sys.registry().running(), 1u) << "an untracked actor lives";
  }

  config cfg;
  caf::actor_system sys{cfg};
  caf::scheduler::test_coordinator& scheduler =
      dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  caf::scoped_actor self{sys};

private:
  /// The context of an actor is that of its last run, which is gone: without
  /// this a test could not answer a promise that an actor has made.
  void step_out() {
    for (auto& a : tracked_)
      static_cast<caf::local_actor*>(caf::actor_cast<caf::abstract_actor*>(a))
          ->context(nullptr);
  }

  std::vector<caf::actor> tracked_;
};

} // namespace vigie
