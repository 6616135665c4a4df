// vigie-worker: a node. Joins the server over mutual TLS, pulls a job for each
// of its slots, which are sandboxed processes of the same program (--slot),
// and joins again whenever the connection is lost.

#include "actors/file_cache.hpp"
#include "actors/metered.hpp"
#include "actors/node.hpp"
#include "actors/slot.hpp"
#include "analysis/ocr.hpp"
#include "app/caf_settings.hpp"
#include "app/node_setup.hpp"
#include "app/slot_child.hpp"
#include "app/slot_process.hpp"
#include "app/version.hpp"
#include "app/worker_options.hpp"
#include "logs/logger.hpp"
#include "remote/bundle.hpp"
#include "remote/disk_cache.hpp"

#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>

#include <openssl/err.h>

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <string>

namespace {

using namespace vigie;
using namespace std::chrono_literals;

/// Made once, before any other thread; never destroyed.
logger* lines = nullptr;

void say(const log_entry& line) { lines->say(line); }

int complain(const problem& why) {
  say({why.detail, {}, log_level::error});
  return 2;
}

struct worker_config : caf_settings {
  explicit worker_config(const bundle& b) {
    load<caf::openssl::manager>();
    openssl_certificate = b.files.certificate.string();
    openssl_key = b.files.key.string();
    openssl_cafile = b.files.ca.string();
  }
};

/// 0: for good. The server's own node, when the server did not say so, comes
/// back.
std::atomic<int> exit_code{0};

sigset_t end_signals() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  return ends;
}

/// The first signal drains; at the second one what runs is given back at once,
/// so that it costs no attempt. A third one, or a server that does not listen,
/// is the end.
[[noreturn]] void wait_and_end(const node_actor& node, const sigset_t& ends,
                               bool of_server) {
  int received = 0;
  sigwait(&ends, &received);
  exit_code = of_server ? node_comes_back : 0;
  caf::anon_send(node, drain_atom_v);
  sigwait(&ends, &received);
  caf::anon_send(node, expire_atom_v);
  timespec most{1, 500'000'000};
  sigtimedwait(&ends, nullptr, &most);
  say("ended at once");
  std::fflush(nullptr);
  ::_exit(exit_code);
}

/// A server that was killed leaves "unexpected EOF" in OpenSSL's queue of CAF's
/// I/O thread. CAF never empties it, and takes the first read of the next
/// connection that has to wait for a failure.
void forget_tls_errors(caf::actor_system& sys) {
  sys.middleman().backend().post([] { ERR_clear_error(); });
}

/// Slots die with us, by the kernel; scratch is swept, nothing else is ours.
void leave(const std::filesystem::path& temp, bool ours) {
  say("left the server");
  std::error_code failed;
  if (ours)
    std::filesystem::remove_all(temp, failed);
  std::fflush(nullptr);
  ::_exit(exit_code);
}

outcome<done> work(const worker_options& o, const bundle& b) {
  auto place = node_place::make(o);
  if (!place)
    return place.why();
  auto& here = place.value();
  std::shared_ptr<file_cache> cache;
  if (o.storage.empty()) {
    auto opened = disk_cache::open(here.cache, o.cache_bytes, o.largest_file);
    if (!opened)
      return opened.why();
    cache = std::move(opened).value();
  }
  auto ends = end_signals();
  worker_config cfg{b};
  caf::actor_system sys{cfg};
  slot_plan plan;
  node_args args;
  args.who = {version, random_boot_id(), b.token, o.slots, here.abilities};
  args.who.largest_file = cache ? o.largest_file : 0;
  args.host = o.host;
  args.port = o.port;
  args.dialer = sys.openssl_manager().actor_handle();
  args.storage = o.storage.string();
  args.drain_within = o.drain;
  args.log = say;
  args.prepare = [&](const analysis_setup& how) {
    plan.set(here.setup(how, o));
  };
  args.dials = [&] { forget_tls_errors(sys); };
  args.left = [&] { leave(here.temp, here.temp_is_ours); };
  for (unsigned i = 1; i <= o.slots; ++i) {
    std::shared_ptr<job_runner> runner =
        std::make_shared<slot_process>(slot_process_args{
            own_program(), here.temp / ("slot-" + std::to_string(i)), &plan,
            10s, say});
    args.slots.push_back(
        {spawn_metered<caf::detached>(sys, {actor_kind::slot, nullptr, i}, slot,
                                      runner),
         runner});
  }
  if (cache)
    args.cache = spawn_metered<caf::detached>(
        sys, {actor_kind::file_cache, nullptr}, file_fetcher, cache);
  auto me =
      spawn_metered(sys, {actor_kind::node, nullptr}, node, std::move(args));
  wait_and_end(me, ends, o.parent > 0);
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--slot") == 0)
    return slot_main();
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0)
    return std::puts(worker_usage) < 0;
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0)
    return std::puts(version) < 0;
  auto options = worker_options::parse(argc, argv);
  if (!options)
    return 2;
  if (options->parent > 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != options->parent)
      return 1; // the parent died before we could ask
  }
#ifndef __SANITIZE_ADDRESS__
  ::prctl(PR_SET_DUMPABLE, 0); // our memory has the key of the bundle
#endif
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::signal(SIGPIPE, SIG_IGN); // a slot may be gone when we write to it
  // Before the first thread: all of them inherit the mask, one waits.
  auto ends = end_signals();
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  lines = new logger{options->log};
  auto mine = read_bundle(options->bundle);
  if (!mine)
    return complain(mine.why());
  auto worked = work(*options, mine.value());
  return worked ? 0 : complain(worked.why());
}
