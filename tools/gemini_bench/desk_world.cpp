// The real GEMINI_DESK on CAF's test clock, before the simulator's quota.

#include "tools/gemini_bench/world.hpp"

#include "actors/gemini_desk.hpp"
#include "http/gemini_reply.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <memory>

namespace vigie::bench {

namespace {

struct config : caf::actor_system_config {
  config() {
    add_message_types<caf::id_block::vigie>();
    set("scheduler.policy", caf::atom("testing"));
  }
};

using clock_type = caf::detail::test_actor_clock;

/// Everything that a run shares; single-threaded, as the scheduler is.
struct world {
  const workload& w;
  dice u, jitter;
  sim::quota_model quota;
  result out;
  clock_type* clock = nullptr;
  clock_type::time_point start;
  bool closed = false; ///< Refused; the next request is a probe.
  std::optional<seconds> probe;

  world(const workload& work, uint64_t seed)
      : w(work), u(seed), jitter(seed + 1'000'003), quota(work.quota) {
    out.jobs.resize(w.jobs.size());
  }
  seconds now() const { return clock->now() - start; }
  utc_time utc() const {
    return utc_time{std::chrono::duration_cast<std::chrono::microseconds>(
        now() + seconds{1'000'000'000})};
  }
};

using world_ptr = std::shared_ptr<world>;

void watch_herd(world& x, seconds now) {
  if (x.closed) {
    x.closed = false;
    x.probe = now;
    ++x.out.probes;
  } else if (x.probe && now < *x.probe + seconds{1}) {
    ++x.out.herds;
  }
}

/// Stands for GEMINI_CALLER: the same answers, later.
caf::behavior pretended_caller(caf::event_based_actor* self, world_ptr x) {
  using promise = caf::typed_response_promise<reply_ptr>;
  auto open =
      std::make_shared<std::map<uint64_t, std::pair<promise, reply_ptr>>>();
  auto last = std::make_shared<uint64_t>(0);
  return {
      [=](call_atom, const errand_ptr&) {
        auto now = x->now();
        watch_herd(*x, now);
        x->out.sends.push_back(now);
        auto v = x->quota.arrive(now, 1'500, [x] { return x->u(); });
        auto reply = std::make_shared<model_reply>();
        if (v.http == 200)
          reply->kind = reply_kind::ok;
        else
          *reply = classify(v.http, v.body);
        if (v.http == 429)
          ++x->out.refused;
        auto p = self->make_response_promise<reply_ptr>();
        auto id = ++*last;
        open->emplace(id, std::pair{p, reply_ptr{reply}});
        auto late = latency(v.http, x->u);
        self->delayed_send(
            self, std::chrono::duration_cast<std::chrono::microseconds>(late),
            caf::tick_atom_v, id);
        return p;
      },
      [=](caf::tick_atom, uint64_t id) {
        auto i = open->find(id);
        auto [p, reply] = i->second;
        open->erase(i);
        if (reply->http == 429) {
          x->closed = true;
          if (reply->kind == reply_kind::day && !x->out.first_refused)
            x->out.first_refused = x->now();
        }
        if (reply->kind == reply_kind::ok)
          x->probe.reset();
        p.deliver(reply);
      },
  };
}

/// Hands the jobs to the desk as they become ready.
caf::behavior auditor(caf::event_based_actor* self, world_ptr x,
                      desk_actor desk) {
  for (std::size_t i = 0; i < x->w.jobs.size(); ++i)
    self->delayed_send(
        self,
        std::chrono::duration_cast<std::chrono::microseconds>(x->w.jobs[i].at),
        caf::tick_atom_v, uint64_t{i});
  return {
      [=](caf::tick_atom, uint64_t i) {
        auto ask = std::make_shared<model_ask>();
        ask->batch = {"b" + std::to_string(x->w.jobs[i].batch)};
        ask->input_hash = std::to_string(i);
        ask->tokens = 1'500;
        ask->deadline = x->utc()
                        + std::chrono::duration_cast<std::chrono::microseconds>(
                            x->w.budget);
        self->request(desk, caf::infinite, ask_atom_v, ask_ptr{ask},
                      gemini_stage_actor{})
            .then([=](const told_ptr& told) {
              x->out.jobs[i] = {told->answered, x->now()};
              if (told->answered)
                x->out.successes.push_back(x->now());
            });
      },
  };
}

desk_args args_for(const world_ptr& x, std::vector<caller_actor> callers) {
  desk_args args;
  gate_rules rules;
  rules.model = "m";
  auto reset = x->utc()
               + std::chrono::duration_cast<std::chrono::microseconds>(
                   x->w.quota.day_resets_at);
  rules.next_day = [reset](utc_time t) {
    auto end = reset;
    while (end <= t)
      end += std::chrono::hours{24};
    return end;
  };
  rules.draw = [x] { return x->jitter(); };
  args.gates.push_back(std::move(rules));
  args.callers = std::move(callers);
  args.now = [x] { return x->utc(); };
  return args;
}

/// Every timer at its own instant, until there is none left.
void play(caf::scheduler::test_coordinator& scheduler) {
  struct open : caf::detail::test_actor_clock {
    using open::simple_actor_clock::schedule_;
  };
  auto& clock = scheduler.clock();
  auto& schedule = clock.*(&open::schedule_);
  for (scheduler.run(); !schedule.empty(); scheduler.run())
    clock.trigger_timeout();
}

} // namespace

result run_desk(const workload& w, uint64_t seed) {
  config cfg;
  caf::actor_system sys{cfg};
  auto& scheduler =
      dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  auto x = std::make_shared<world>(w, seed);
  x->clock = &scheduler.clock();
  x->start = x->clock->now();
  std::vector<caller_actor> callers;
  for (int i = 0; i < 16; ++i)
    callers.push_back(
        caf::actor_cast<caller_actor>(sys.spawn(pretended_caller, x)));
  auto desk = sys.spawn(gemini_desk, args_for(x, callers));
  auto driver = sys.spawn(auditor, x, desk);
  play(scheduler);
  for (auto& c : callers)
    caf::anon_send_exit(c, caf::exit_reason::kill);
  caf::anon_send_exit(desk, caf::exit_reason::kill);
  caf::anon_send_exit(driver, caf::exit_reason::kill);
  scheduler.run();
  x->out.foreign = x->quota.foreign();
  return std::move(x->out);
}

} // namespace vigie::bench
