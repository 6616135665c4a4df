// bench-desk: what one decision of the real GEMINI_DESK costs, and what it
// keeps per analysis, with many in its queue. Virtual time (CAF's test clock),
// callers that answer after a second of it; the processor time is real.
// Usage: bench-desk ANALYSES PER_BATCH RPM SECONDS     RPM 0: not known

#include "actors/gemini_desk.hpp"
#include "tools/bench/common.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <malloc.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace vigie;
using bench::now_ns;

struct config : caf::actor_system_config {
  config() {
    add_message_types<caf::id_block::vigie>();
    set("scheduler.policy", caf::atom("testing"));
  }
};

int64_t processor_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

/// What is allocated, in bytes.
int64_t allocated() {
  auto m = ::mallinfo2();
  return static_cast<int64_t>(m.uordblks + m.hblkhd);
}

struct counts {
  uint64_t sends = 0;
};

caf::behavior pretended_caller(caf::event_based_actor* self,
                               std::shared_ptr<counts> seen) {
  using promise = caf::typed_response_promise<reply_ptr>;
  auto open = std::make_shared<std::deque<promise>>();
  return {
      [=](call_atom, const errand_ptr&) {
        ++seen->sends;
        open->push_back(self->make_response_promise<reply_ptr>());
        self->delayed_send(self, std::chrono::seconds{1}, caf::tick_atom_v);
        return open->back();
      },
      [=](caf::tick_atom) {
        auto reply = std::make_shared<model_reply>();
        reply->kind = reply_kind::ok;
        open->front().deliver(reply_ptr{reply});
        open->pop_front();
      },
  };
}

struct world {
  config cfg;
  caf::actor_system sys{cfg};
  caf::scheduler::test_coordinator& scheduler =
      dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  std::shared_ptr<counts> seen = std::make_shared<counts>();
  std::vector<caf::actor> callers;
  desk_actor desk;

  utc_time utc() {
    return utc_time{std::chrono::duration_cast<std::chrono::microseconds>(
        scheduler.clock().now().time_since_epoch())};
  }

  explicit world(double rpm) {
    desk_args args;
    gate_rules rules;
    rules.model = "m";
    if (rpm > 0)
      rules.configured.rpm = rpm;
    rules.next_day = [](utc_time t) { return t + std::chrono::hours{24}; };
    rules.draw = [] { return 0.5; };
    args.gates.push_back(std::move(rules));
    for (int i = 0; i < 16; ++i) {
      callers.push_back(sys.spawn(pretended_caller, seen));
      args.callers.push_back(caf::actor_cast<caller_actor>(callers.back()));
    }
    args.now = [this] { return utc(); };
    desk = sys.spawn(gemini_desk, std::move(args));
    scheduler.run();
  }

  ~world() {
    for (auto& c : callers)
      caf::anon_send_exit(c, caf::exit_reason::kill);
    caf::anon_send_exit(desk, caf::exit_reason::kill);
    scheduler.run();
  }

  /// The next timer, and what it leads to.
  void step() {
    scheduler.clock().trigger_timeout();
    scheduler.run();
  }
};

std::vector<ask_ptr> asks(world& w, std::size_t n, std::size_t per_batch) {
  std::vector<ask_ptr> out;
  out.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    auto ask = std::make_shared<model_ask>();
    ask->batch = {"00000000-0000-4000-8000-" + std::to_string(i / per_batch)};
    ask->input_hash = std::string(56, 'a') + std::to_string(10'000'000 + i);
    ask->prompt_hash = std::string(64, 'b');
    ask->tokens = 1'500;
    ask->deadline = w.utc() + std::chrono::seconds{600};
    out.push_back(std::move(ask));
  }
  return out;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    bench::give_up("usage: bench-desk ANALYSES PER_BATCH RPM SECONDS");
  auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  auto most = static_cast<int64_t>(number(4)) * 1'000'000'000;
  world w{static_cast<double>(number(3))};
  auto all = asks(w, number(1), number(2));
  constexpr std::size_t group = 100;
  std::vector<int64_t> arrivals; // of a group
  auto before = allocated();
  std::size_t queued = 0;
  for (auto end = now_ns() + most; queued < all.size() && now_ns() < end;) {
    auto begun = processor_ns();
    for (std::size_t i = 0; i < group && queued < all.size(); ++i)
      caf::anon_send(w.desk, ask_atom_v, all[queued++], gemini_stage_actor{});
    w.scheduler.run();
    arrivals.push_back(processor_ns() - begun);
  }
  auto bytes = allocated() - before;
  std::size_t last = std::min<std::size_t>(10, arrivals.size());
  int64_t spent = 0;
  for (auto i = arrivals.size() - last; i < arrivals.size(); ++i)
    spent += arrivals[i];
  auto arrive = static_cast<double>(spent) / static_cast<double>(last * group);
  auto sent = w.seen->sends;
  constexpr uint64_t decisions = 8'000; // 16 a second: before budgets are spent
  auto begun = processor_ns();
  for (auto end = now_ns() + most;
       w.seen->sends < sent + decisions && now_ns() < end;)
    w.step();
  auto decide = static_cast<double>(processor_ns() - begun)
                / static_cast<double>(w.seen->sends - sent);
  std::printf("{\"queued\": %zu, \"arrive_us\": %.2f, \"decide_us\": %.2f, "
              "\"decisions\": %zu, \"bytes_each\": %.0f}\n",
              queued, arrive / 1e3, decide / 1e3,
              static_cast<std::size_t>(w.seen->sends - sent),
              static_cast<double>(bytes) / static_cast<double>(queued));
}
