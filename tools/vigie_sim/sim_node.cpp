// vigie-sim-node HOST:PORT BUNDLE SLOTS COST_MS FOLDER: a node of
// tools/vigie_sim. It joins, pulls, beats, fetches files and answers with the
// actors of vigie-worker; only, its slots sleep COST_MS instead of analysing.
// FOLDER: of its cache; "-": as on the server's disk, no file travels.
// Ends by a signal.

#include "actors/file_cache.hpp"
#include "actors/metered.hpp"
#include "actors/node.hpp"
#include "actors/slot.hpp"
#include "app/caf_settings.hpp"
#include "app/version.hpp"
#include "remote/bundle.hpp"
#include "remote/disk_cache.hpp"

#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <string>

namespace {

using namespace vigie;

constexpr uint64_t cache_bytes = uint64_t{64} << 20;

void say(const std::string& line) {
  std::fprintf(stderr, "%s\n", line.c_str());
}

/// What a slot says of a note, each stage its part.
analysis_result small_answer(const analysis_job& job) {
  analysis_result r;
  if (job.what == stage::metadata) {
    r.metadata.emplace();
    r.metadata->extra["encoding"] = "utf-8";
  } else if (job.what == stage::text) {
    std::string line = "porte de secours ouverte, extincteur absent";
    r.text = ocr_text{job.filename, "plain", line, 1.0, {}, {}, {}};
    observation seen;
    seen.filename = job.filename;
    seen.label = "incendie";
    seen.severity = severity::high;
    seen.extra["quote"] = line;
    r.observations.push_back(std::move(seen));
  }
  return r;
}

class sleeper : public job_runner {
public:
  explicit sleeper(std::chrono::milliseconds cost) : cost_(cost) {}

  outcome<analysis_result> run(const analysis_job& job) override {
    std::unique_lock held{mutex_};
    if (ended_.wait_for(held, cost_, [&] { return aborted_ == job.token; }))
      return problem{code::internal, "aborted"};
    return small_answer(job);
  }
  void abort(uint64_t token) override {
    std::lock_guard held{mutex_};
    aborted_ = token;
    ended_.notify_all();
  }

private:
  const std::chrono::milliseconds cost_;
  std::mutex mutex_;
  std::condition_variable ended_;
  uint64_t aborted_ = 0;
};

struct config : caf_settings {
  explicit config(const bundle& mine) {
    load<caf::openssl::manager>();
    openssl_certificate = mine.files.certificate.string();
    openssl_key = mine.files.key.string();
    openssl_cafile = mine.files.ca.string();
  }
};

std::string some_boot_id() {
  std::random_device source;
  char text[33];
  std::snprintf(text, sizeof text, "%08x%08x%08x%08x", source(), source(),
                source(), source());
  return text;
}

struct wish {
  std::string host, folder;
  uint16_t port = 0;
  unsigned slots = 0;
  std::chrono::milliseconds cost{0};
};

node_args args_of(caf::actor_system& sys, const wish& w, const bundle& mine) {
  node_args args;
  args.who = {
      version, some_boot_id(), mine.token, w.slots, {"ocr:eng", "ocr:fra"}};
  args.host = w.host;
  args.port = w.port;
  args.dialer = sys.openssl_manager().actor_handle();
  args.log = say;
  args.prepare = [](const analysis_setup&) {};
  args.left = [] { ::_exit(0); };
  for (unsigned i = 1; i <= w.slots; ++i) {
    auto runner = std::make_shared<sleeper>(w.cost);
    args.slots.push_back(
        {spawn_metered<caf::detached>(sys, {actor_kind::slot, nullptr, i}, slot,
                                      runner),
         runner});
  }
  return args;
}

int work(const wish& w, const bundle& mine) {
  config cfg{mine};
  caf::actor_system sys{cfg};
  auto args = args_of(sys, w, mine);
  if (w.folder != "-") {
    auto opened = disk_cache::open(w.folder, cache_bytes, cache_bytes);
    if (!opened) {
      say(opened.why().detail);
      return 2;
    }
    args.who.largest_file = cache_bytes;
    args.cache = spawn_metered<caf::detached>(
        sys, {actor_kind::file_cache, nullptr}, file_fetcher,
        std::shared_ptr<file_cache>{std::move(opened).value()});
  }
  spawn_metered(sys, {actor_kind::node, nullptr}, node, std::move(args));
  for (;;)
    ::pause();
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    say("usage: vigie-sim-node HOST:PORT BUNDLE SLOTS COST_MS FOLDER");
    return 2;
  }
  auto mine = vigie::read_bundle(argv[2]);
  if (!mine) {
    say(mine.why().detail);
    return 2;
  }
  std::string at = argv[1];
  auto colon = at.rfind(':');
  wish w;
  w.host = at.substr(0, colon);
  w.folder = argv[5];
  w.port = static_cast<uint16_t>(std::atoi(at.c_str() + colon + 1));
  w.slots = static_cast<unsigned>(std::atoi(argv[3]));
  w.cost = std::chrono::milliseconds{std::atoi(argv[4])};
  return work(w, mine.value());
}
