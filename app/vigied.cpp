// Over budget: one straight line of wiring, read from top to bottom.
// vigied: the server. Wiring only: rooms are built here and nowhere else.

#include "analysis/report.hpp"
#include "analysis/sniffer.hpp"
#include "app/ports.hpp"
#include "app/server_system.hpp"
#include "app/slots.hpp"
#include "app/version.hpp"
#include "config/settings.hpp"
#include "domain/hex.hpp"
#include "http/server.hpp"
#include "storage/blob_store.hpp"
#include "storage/folder_lock.hpp"
#include "storage/sqlite_reader.hpp"
#include "storage/sqlite_store.hpp"

#include <openssl/evp.h>

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace vigie;
namespace fs = std::filesystem;

constexpr int bad_setting = 2;

int complain(const problem& why) {
  std::fprintf(stderr, "vigied: %s\n", why.detail.c_str());
  return bad_setting;
}

constexpr auto usage =
    "vigied: takes in batches of audit evidence and analyses them\n\n"
    "  --config FILE          settings (VIGIE_CONFIG); see config/vigie.toml\n"
    "  --listen HOST:PORT     where HTTP is served (VIGIE_LISTEN)\n"
    "  --workers N            local worker slots (VIGIE_WORKERS)\n"
    "  --remote-listen HOST:PORT  where slots join (VIGIE_REMOTE_LISTEN)\n"
    "  --storage DIR          evidence and reports (STORAGE_PATH)\n"
    "  --database FILE        SQLite file (DATABASE_URL)\n"
    "  --help, --version";

fs::path own_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

/// A file that comes with the program: in the source tree or installed.
fs::path shipped(const std::string& name) {
  for (auto& dir : {own_folder() / "../../config", own_folder() / "../config",
                    own_folder() / "../share/vigie", fs::path{"/etc/vigie"}})
    if (fs::exists(dir / name))
      return fs::weakly_canonical(dir / name);
  return {};
}

std::string sha256_hex(const std::string& bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &n, EVP_sha256(), nullptr);
  return hex(digest, n);
}

std::vector<std::string> worker_command(const settings& cfg, const identity& id,
                                        uint16_t port) {
  auto program = cfg.workers.program.empty() ? own_folder() / "vigie-worker"
                                             : cfg.workers.program;
  std::vector<std::string> words{
      program.string(),
      "--connect",
      "127.0.0.1:" + std::to_string(port),
      "--certificate",
      id.certificate.string(),
      "--key",
      id.key.string(),
      "--ca",
      id.ca.string(),
      "--parent",
      std::to_string(::getpid()),
      "--job-timeout",
      std::to_string(cfg.workers.job_timeout.count()),
      "--memory",
      std::to_string(cfg.workers.memory_mb << 20),
      "--temp",
      (cfg.storage.path / ".scratch").string(),
      "--languages",
      cfg.analysis.ocr_languages,
      "--rules",
      cfg.analysis.rules_file.string()};
  if (!cfg.analysis.vision_model.empty()) {
    words.insert(words.end(),
                 {"--vision-model", cfg.analysis.vision_model.string(),
                  "--vision-classes",
                  cfg.analysis.vision_classes_file.string()});
  }
  words.push_back("--slot"); // slot_keeper appends the number
  return words;
}

http_options web_options(const settings& cfg) {
  http_options o;
  o.host = cfg.http.host;
  o.port = cfg.http.port;
  o.threads = cfg.http.threads;
  o.cors_origins = cfg.http.cors_origins;
  o.max_file_bytes = cfg.http.max_file_bytes;
  o.max_batch_bytes = cfg.http.max_batch_bytes;
  o.max_files = cfg.http.max_files;
  o.max_streams = cfg.http.max_streams;
  return o;
}

/// The rooms that hold data, shared by actors and HTTP threads.
struct data_rooms {
  folder_lock lock;
  std::shared_ptr<batch_store> store;
  std::shared_ptr<reader> reading;
  std::unique_ptr<blob_store> blobs;
};

outcome<data_rooms> open_data(const settings& cfg) {
  auto where = store_options{cfg.storage.database, cfg.storage.path,
                             key_fingerprint(cfg.gemini.api_key)};
  std::error_code failed;
  fs::create_directories(cfg.storage.path, failed);
  if (auto parent = cfg.storage.database.parent_path(); !parent.empty())
    fs::create_directories(parent, failed);
  auto lock = folder_lock::take(cfg.storage.path);
  if (!lock)
    return lock.why();
  auto store = open_store(where);
  if (!store)
    return store.why();
  auto reading = open_reader(where);
  if (!reading)
    return reading.why();
  data_rooms rooms;
  rooms.lock = std::move(lock).value();
  rooms.store = std::move(store).value();
  rooms.reading = std::move(reading).value();
  rooms.blobs = make_blob_store(cfg.storage.path);
  sweep_orphans(cfg.storage.path, [&](const batch_id& id) {
    return static_cast<bool>(rooms.reading->version(id));
  });
  return rooms;
}

server_parts parts_of(const settings& cfg, const data_rooms& rooms,
                      gemini_parts gemini) {
  server_parts parts;
  parts.gemini = std::move(gemini);
  parts.store = rooms.store;
  parts.reader = rooms.reading;
  parts.printing = {make_report_printer(), rooms.reading, rooms.reading,
                    sha256_hex};
  parts.hub.job_limit = cfg.workers.job_timeout + std::chrono::seconds{30};
  parts.hub.most_broken = cfg.workers.max_broken_leases;
  parts.streams.keepalive = cfg.sse.keepalive;
  parts.streams.most_pending = cfg.sse.max_pending_bytes;
  parts.pipelines.now = utc_now;
  parts.pipelines.weights = cfg.scoring;
  parts.pipelines.root = fs::absolute(cfg.storage.path).string();
  parts.most_unfinished = cfg.admission.max_unfinished;
  parts.gate_host = cfg.workers.gate_host;
  parts.gate_port = cfg.workers.gate_port;
  return parts;
}

void wait_for_the_end(const sigset_t& ends) {
  int received = 0;
  sigwait(&ends, &received);
  std::fprintf(stderr, "vigied: stopping\n");
}

int serve(const settings& cfg, const sigset_t& ends) {
  auto rooms = open_data(cfg);
  if (!rooms)
    return complain(rooms.why());
  auto pki = cfg.storage.path / ".pki";
  auto core = provide_identity(pki, "core");
  auto local = provide_identity(pki, "local");
  if (!core || !local)
    return complain(core ? local.why() : core.why());
  auto memory = rooms.value().store->gates();
  if (!memory)
    return complain(memory.why());
  auto gemini = gemini_from(cfg, std::move(memory).value());
  if (!gemini)
    return complain(gemini.why());
  server_config caf_cfg{core.value()};
  caf::actor_system sys{caf_cfg};
  server_system actors{sys,
                       parts_of(cfg, rooms.value(), std::move(gemini).value())};
  auto gate = actors.open_gate();
  if (!gate)
    return complain(gate.why());
  front_service service{sys, actors.front(), std::chrono::seconds{60}};
  broadcaster_streams streams{sys, actors.broadcaster()};
  desk_board quota{sys, actors.desk()};
  auto sniffer = make_sniffer();
  auto& reading = *rooms.value().reading;
  http_server web{web_options(cfg),
                  {service, reading, reading, *rooms.value().blobs, *sniffer,
                   streams, quota}};
  auto resumed = actors.resume();
  if (!resumed)
    return complain(resumed.why());
  auto port = web.start();
  if (!port)
    return complain(port.why());
  slot_keeper slots{worker_command(cfg, local.value(), gate.value()),
                    cfg.workers.local};
  slots.start();
  std::fprintf(stderr,
               "vigied: ready on http://%s:%d (%u worker slots, workers join "
               "on port %u, %llu batches resumed)\n",
               cfg.http.host.c_str(), port.value(), cfg.workers.local,
               gate.value(), static_cast<unsigned long long>(resumed.value()));
  wait_for_the_end(ends);
  service.drain();
  web.stop();
  slots.stop();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  // Before the first thread: all of them inherit the mask, one waits.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  auto args = std::vector<std::string>(argv + 1, argv + argc);
  if (!args.empty() && (args[0] == "--help" || args[0] == "--version")) {
    std::fputs(args[0] == "--help" ? usage : vigie::version, stdout);
    std::fputs("\n", stdout);
    return 0;
  }
  auto cfg = load_settings(args, [](std::string name) {
    auto* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>{value} : std::nullopt;
  });
  if (!cfg)
    return complain(cfg.why());
  if (cfg.value().analysis.rules_file.empty())
    cfg.value().analysis.rules_file = shipped("observation_rules.json");
  if (cfg.value().gemini.prompts_dir.empty())
    cfg.value().gemini.prompts_dir = shipped("prompts");
  return serve(cfg.value(), ends);
}
