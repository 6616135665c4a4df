// What meters cost: processor time per message of two actors that throw a ball
// back and forth, with and without (other programs on the machine do not
// count); bytes per actor; one reading of many actors.
// Usage: meter-bench [throws] [actors]

#include "actors/metered.hpp"
#include "actors/pipeline.hpp"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace vigie;

struct config : caf::actor_system_config {
  config() {
    add_message_types<caf::id_block::vigie>();
    load<caf::io::middleman>();
    set("scheduler.max-threads", 1);
    set("scheduler.max-throughput", 20);
  }
};

/// Of this process, all threads.
double processor_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

/// Throws the ball back to whoever threw it, until it has flown often enough.
caf::behavior player(caf::event_based_actor* self, caf::actor referee) {
  return {[=](call_atom, const caf::actor& other, uint64_t left) {
    if (left == 0)
      self->send(referee, begin_atom_v);
    else
      self->send(other, call_atom_v, caf::actor{self}, left - 1);
  }};
}

/// Processor time per message, in nanoseconds.
double play(caf::actor_system& sys, bool metered, uint64_t throws) {
  caf::scoped_actor referee{sys};
  auto make = [&] {
    return metered ? spawn_metered(sys, {}, player, caf::actor{referee})
                   : sys.spawn(player, caf::actor{referee});
  };
  auto a = make(), b = make();
  auto begun = processor_seconds();
  caf::anon_send(a, call_atom_v, b, throws);
  referee->receive([](begin_atom) {});
  auto took = processor_seconds() - begun;
  for (auto& x : {a, b})
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  return 1e9 * took / static_cast<double>(throws);
}

/// The least of several, taken in turns: what disturbs one disturbs the other.
std::pair<double, double> both(uint64_t throws) {
  config cfg;
  caf::actor_system sys{cfg};
  std::pair<double, double> least{1e9, 1e9};
  for (auto i = 0; i < 9; ++i) {
    least.first = std::min(least.first, play(sys, false, throws));
    least.second = std::min(least.second, play(sys, true, throws));
  }
  return least;
}

long resident_kb() {
  std::ifstream in{"/proc/self/status"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmRSS:"))
      return std::strtol(line.c_str() + 6, nullptr, 10);
  return 0;
}

/// Bytes per PIPELINE that is idle; the milliseconds of one reading of them.
void crowd(bool metered, std::size_t n) {
  config cfg;
  caf::actor_system sys{cfg};
  pipeline_args args;
  args.now = utc_now;
  std::vector<pipeline_actor> all;
  all.reserve(n);
  auto before = resident_kb();
  for (std::size_t i = 0; i < n; ++i) {
    batch_id id{"batch-" + std::to_string(i) + std::string(24, 'x')};
    all.push_back(
        metered ? spawn_metered(sys, batch_tag(id, false), pipeline, id, args)
                : sys.spawn(pipeline, id, args));
  }
  auto bytes = 1024.0 * static_cast<double>(resident_kb() - before)
               / static_cast<double>(n);
  auto begun = processor_seconds();
  auto seen = census::here().read().size();
  auto took = 1e3 * (processor_seconds() - begun);
  std::printf("%zu idle PIPELINEs %s: %.0f bytes each, %zu in the census, read "
              "in %.1f ms\n",
              n, metered ? "with a meter" : "without", bytes, seen, took);
  for (auto& x : all)
    caf::anon_send_exit(x, caf::exit_reason::kill);
}

/// In a process of its own: memory that one frees must not serve the next.
void apart(auto what) {
  std::fflush(stdout);
  if (auto child = ::fork(); child == 0) {
    what();
    std::fflush(stdout);
    ::_exit(0);
  } else {
    ::waitpid(child, nullptr, 0);
  }
}

} // namespace

int main(int argc, char** argv) {
  auto throws = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 500'000;
  auto actors = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000;
  using bare = caf::infer_impl_from_fun_t<decltype(&pipeline)>;
  std::printf("object of a PIPELINE: %zu bytes without, %zu with a meter\n",
              sizeof(bare), sizeof(metered<bare>));
  for (auto with : {false, true})
    apart([&] { crowd(with, actors); });
  apart([&] {
    auto [plain, with] = both(throws);
    std::printf("per message: %.0f ns without, %.0f ns with a meter, ratio "
                "%.3f\n",
                plain, with, with / plain);
  });
}
