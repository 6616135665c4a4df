// vigie-worker: one slot. Joins the server's gate over mutual TLS, pulls one
// job at a time, works, answers. Crash-only: whatever goes wrong with the
// connection, the process ends and is started again.

#include "actors/protocol.hpp"
#include "analysis/analyzer.hpp"
#include "app/version.hpp"
#include "app/worker_options.hpp"

#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

namespace {

using namespace vigie;
using namespace std::chrono_literals;

constexpr auto answer_within = std::chrono::seconds{90};

struct worker_config : caf::actor_system_config {
  explicit worker_config(const worker_options& o) {
    add_message_types<caf::id_block::vigie>();
    load<caf::io::middleman>();
    load<caf::openssl::manager>();
    openssl_certificate = o.certificate;
    openssl_key = o.key;
    openssl_cafile = o.ca;
    set("scheduler.max-threads", 1);
    set("middleman.heartbeat-interval", caf::timespan{2s});
    set("middleman.connection-timeout", caf::timespan{20s});
  }
};

std::string random_id() {
  std::random_device source;
  char text[33];
  std::snprintf(text, sizeof text, "%08x%08x%08x%08x", source(), source(),
                source(), source());
  return text;
}

/// Tells the hub every two seconds what this slot holds.
class heart {
public:
  heart(caf::actor_system& sys, gate_actor gate, std::string boot_id)
      : thread_([this, &sys, gate, boot_id] {
          caf::scoped_actor self{sys};
          for (int i = 0; !stop_; ++i) {
            if (i % 20 == 0)
              self->send(gate, beat_atom_v, boot_id, token_.load());
            std::this_thread::sleep_for(100ms); // a thread of its own
          }
        }) {
    // nop
  }
  ~heart() {
    stop_ = true;
    thread_.join();
  }
  void hold(uint64_t token) { token_ = token; }

private:
  std::atomic<uint64_t> token_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// Documented in docs/operations.md: VIGIE_FAULT=crash:NAME|sleep:MS:NAME.
void misbehave_if_asked(const analysis_job& job) {
  auto* wish = std::getenv("VIGIE_FAULT");
  if (wish == nullptr)
    return;
  auto text = std::string{wish};
  auto last = text.rfind(':');
  if (last == std::string::npos
      || job.filename.find(text.substr(last + 1)) == std::string::npos)
    return;
  if (text.starts_with("crash:"))
    ::raise(SIGSEGV);
  if (text.starts_with("sleep:"))
    std::this_thread::sleep_for(
        std::chrono::milliseconds{std::atol(text.c_str() + 6)});
}

bool say(caf::scoped_actor& self, const gate_actor& gate, auto... what) {
  auto good = false;
  self->request(gate, answer_within, what...)
      .receive([&](bool x) { good = x; },
               [](const caf::error& e) {
                 std::fprintf(stderr, "vigie-worker: refused: %s\n",
                              caf::to_string(e).c_str());
               });
  return good;
}

int work(caf::actor_system& sys, const worker_options& o,
         file_analyzer& analyzer) {
  auto gate = caf::openssl::remote_actor<gate_actor>(sys, o.host, o.port);
  if (!gate)
    return 1;
  auto boot_id = random_id();
  caf::scoped_actor self{sys};
  if (!say(self, *gate, join_atom_v, hello{version, boot_id, o.name}))
    return 1;
  heart beats{sys, *gate, boot_id};
  for (;;) {
    analysis_job job;
    auto alive = false;
    self->request(*gate, answer_within, pull_atom_v, boot_id)
        .receive(
            [&](analysis_job& x) {
              job = std::move(x);
              alive = true;
            },
            [](const caf::error&) {});
    if (!alive)
      return 1;
    if (job.id == 0)
      continue;
    if (!say(self, *gate, beat_atom_v, boot_id, job.token))
      return 1;
    beats.hold(job.token);
    ::alarm(static_cast<unsigned>(o.job_timeout.count())); // wall clock: dies
    misbehave_if_asked(job);
    auto result = analyzer.run(job);
    ::alarm(0);
    beats.hold(0);
    if (!say(self, *gate, result_atom_v, boot_id, job.token, result))
      return 1;
  }
}

} // namespace

int main(int argc, char** argv) {
  auto options = worker_options::parse(argc, argv);
  if (!options)
    return 2;
  if (options->parent > 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != options->parent)
      return 1; // the parent died before we could ask
  }
  rlimit memory{options->memory_bytes, options->memory_bytes};
  if (options->memory_bytes > 0)
    ::setrlimit(RLIMIT_AS, &memory);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::setenv("OMP_THREAD_LIMIT", "1", 1); // Tesseract: one thread for one slot
  // What a killed predecessor of this slot left behind goes first.
  if (auto& temp = options->analyzer.temp_dir; !temp.empty()) {
    std::error_code failed;
    temp /= options->name;
    std::filesystem::remove_all(temp, failed);
    std::filesystem::create_directories(temp, failed);
  }
  auto analyzer = make_analyzer(options->analyzer);
  if (!analyzer) {
    std::fprintf(stderr, "vigie-worker: %s\n", analyzer.why().detail.c_str());
    return 2;
  }
  worker_config cfg{*options};
  caf::actor_system sys{cfg};
  auto status = work(sys, *options, *analyzer.value());
  std::fflush(nullptr);
  ::_exit(status); // crash-only: nothing here needs a farewell
}
