// Over budget: one straight line of wiring, read from top to bottom.
// vigied: the server. Wiring only: rooms are built here and nowhere else.

#include "actors/census.hpp"
#include "analysis/report.hpp"
#include "analysis/sniffer.hpp"
#include "app/access_log.hpp"
#include "app/access_wiring.hpp"
#include "app/backup_command.hpp"
#include "app/caf_settings.hpp"
#include "app/cert_command.hpp"
#include "app/config_command.hpp"
#include "app/measured.hpp"
#include "app/node_keeper.hpp"
#include "app/node_wiring.hpp"
#include "app/ports.hpp"
#include "app/server_system.hpp"
#include "app/supervisor.hpp"
#include "app/token_command.hpp"
#include "app/version.hpp"
#include "app/vitals.hpp"
#include "config/print.hpp"
#include "config/settings.hpp"
#include "config/sources.hpp"
#include "http/digest.hpp"
#include "http/server.hpp"
#include "logs/logger.hpp"
#include "remote/bundle.hpp"
#include "storage/blob_store.hpp"
#include "storage/chunks.hpp"
#include "storage/folder_lock.hpp"
#include "storage/sqlite_access.hpp"
#include "storage/sqlite_reader.hpp"
#include "storage/sqlite_store.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

using namespace vigie;
namespace fs = std::filesystem;

constexpr int bad_setting = 2;

/// Null: settings are not read yet. Never destroyed: threads that outlive
/// main() may have a last word.
logger* lines = nullptr;

void say(const log_entry& line) {
  if (lines)
    lines->say(line);
  else
    std::fprintf(stderr, "vigied: %s\n", line.text.c_str());
}

int complain(const problem& why) {
  say({why.detail, {}, log_level::error});
  return bad_setting;
}

void show_usage() {
  std::printf("vigied: takes in batches of audit evidence and analyses them\n\n"
              "%s  --help, --version\n\n"
              "  vigied token --help    who may use the API and the web page\n"
              "  vigied cert --help     who may join the worker network\n"
              "  vigied backup --help   copies of all batches, and the way "
              "back\n",
              flags_help().c_str());
}

fs::path own_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

http_options web_options(const settings& cfg) {
  http_options o;
  o.host = cfg.http.host;
  o.port = cfg.http.port;
  o.threads = cfg.http.threads;
  o.cors_origins = cfg.http.cors_origins;
  o.max_file_bytes = cfg.http.max_file_bytes;
  o.max_batch_bytes = cfg.http.max_batch_bytes;
  if (auto most = cfg.admission.max_unfinished_bytes; most > 0)
    o.max_batch_bytes = std::min(o.max_batch_bytes, most); // else never let in
  o.max_files = cfg.http.max_files;
  o.max_streams = cfg.http.max_streams;
  o.access = access_from(cfg);
  return o;
}

/// The rooms that hold data, shared by actors and HTTP threads.
struct data_rooms {
  folder_lock lock;
  std::shared_ptr<batch_store> store;
  std::shared_ptr<reader> reading;
  std::unique_ptr<blob_store> blobs;
  std::shared_ptr<access_book> access;
};

outcome<data_rooms> open_data(const settings& cfg) {
  auto where = store_options{cfg.storage.database, cfg.storage.path,
                             key_fingerprint(cfg.gemini.api_key), say};
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
  rooms.access = open_access(where);
  sweep_orphans(cfg.storage.path, [&](const batch_id& id) {
    auto known = rooms.reading->version(id);
    return known || known.why().id != code::no_such_batch; // or not readable
  });
  return rooms;
}

server_parts parts_of(const settings& cfg, const data_rooms& rooms,
                      gemini_parts gemini, hub_rules hub,
                      std::shared_ptr<telemetry> meter) {
  server_parts parts;
  parts.gemini = std::move(gemini);
  parts.gemini.desk.log = say;
  if (parts.gemini.client)
    parts.gemini.client = measured(parts.gemini.client, meter);
  parts.hub = std::move(hub);
  parts.hub.log = say;
  parts.hub.meter = meter;
  parts.store = measured(rooms.store, meter);
  parts.reader = rooms.reading;
  parts.access = rooms.access;
  parts.printing = {measured(make_report_printer(), meter), rooms.reading,
                    rooms.reading, sha256_of_bytes};
  parts.evidence = make_chunk_source(cfg.storage.path);
  parts.quarantine = rooms.reading;
  parts.vault = rooms.reading;
  parts.streams.keepalive = cfg.sse.keepalive;
  parts.streams.most_pending = cfg.sse.max_pending_bytes;
  parts.pipelines.now = utc_now;
  parts.pipelines.weights = cfg.scoring;
  parts.pipelines.root = fs::absolute(cfg.storage.path).string();
  parts.pki = cfg.storage.path / ".pki";
  parts.door.host = cfg.workers.gate_host;
  parts.door.port = cfg.workers.gate_port;
  parts.door.log = say;
  parts.admission = {cfg.admission.max_unfinished,
                     cfg.admission.max_unfinished_bytes};
  parts.retention = {cfg.retention.max_age, cfg.retention.disk_high_percent,
                     cfg.retention.disk_low_percent};
  parts.retention_period = cfg.retention.period;
  parts.shelves = rooms.reading;
  parts.log = say;
  return parts;
}

vitals_parts vitals_of(const settings& cfg, const data_rooms& rooms,
                       const server_system& actors,
                       std::shared_ptr<metrics_book> counted) {
  vitals_parts parts;
  parts.counted = std::move(counted);
  parts.front = actors.front();
  parts.hub = actors.hub();
  parts.broadcaster = actors.broadcaster();
  parts.store = actors.store();
  parts.desk = actors.desk();
  parts.door = [&actors] { return actors.at_the_door(); };
  parts.quarantine = rooms.reading;
  parts.database = cfg.storage.database;
  parts.storage = cfg.storage.path;
  parts.lines_dropped = [] { return lines->dropped(); };
  parts.more = [](family_list& to) { add_actors(to, census::here().totals()); };
  return parts;
}

/// Whatever hangs: the next signal, or the end of `most`, is the end. Batches
/// are as safe then as after a power cut.
void end_at_the_latest(const sigset_t& ends, std::chrono::seconds most) {
  std::thread{[ends, most] {
    timespec left{most.count(), 0};
    auto got = sigtimedwait(&ends, nullptr, &left);
    say(got > 0 ? "stopping at once" : "something hangs: stopping at once");
    ::_exit(0);
  }}.detach();
}

void wait_for_the_end(const sigset_t& ends, std::chrono::seconds drain) {
  int received = 0;
  sigwait(&ends, &received);
  tell_supervisor("STOPPING=1");
  say("stopping; a second signal ends at once");
  end_at_the_latest(ends, drain + std::chrono::seconds{5});
}

int serve(const settings& cfg, const sigset_t& ends) {
  // First: who is refused leaves no storage behind.
  if (auto why = too_open(cfg, usable_token(cfg)))
    return complain(*why);
  auto rooms = open_data(cfg);
  if (!rooms)
    return complain(rooms.why());
  auto pki = cfg.storage.path / ".pki";
  auto core = provide_core(pki, utc_now());
  auto local = provide_local(pki);
  if (!core || !local)
    return complain(core ? local.why() : core.why());
  auto memory = rooms.value().store->gates();
  if (!memory)
    return complain(memory.why());
  auto gemini = gemini_from(cfg, std::move(memory).value());
  if (!gemini)
    return complain(gemini.why());
  auto hub = hub_from(cfg);
  if (!hub)
    return complain(hub.why());
  auto counted = std::make_shared<metrics_book>();
  caf_settings caf_cfg;
  caf::actor_system sys{caf_cfg};
  auto parts = parts_of(cfg, rooms.value(), std::move(gemini).value(),
                        std::move(hub).value(), counted);
  parts.door.core = core.value();
  server_system actors{sys, std::move(parts)};
  auto gate = actors.open_gate();
  if (!gate)
    return complain(gate.why());
  front_service service{sys, actors.front(), actors.hub(),
                        std::chrono::seconds{60}};
  service.watch_disk(
      [least = cfg.ready.disk_free_mb << 20, where = cfg.storage.path] {
        auto left = free_bytes(where);
        return left && *left < least;
      });
  broadcaster_streams streams{sys, actors.broadcaster()};
  desk_board quota{sys, actors.desk()};
  auto sniffer = make_sniffer();
  auto& reading = *rooms.value().reading;
  access_log requests{counted, *lines};
  vitals figures{sys, vitals_of(cfg, rooms.value(), actors, counted)};
  http_server web{web_options(cfg),
                  {service, reading, reading, *rooms.value().blobs, *sniffer,
                   streams, quota, *rooms.value().access, &requests, &figures}};
  auto resumed = actors.resume();
  if (!resumed)
    return complain(resumed.why());
  auto port = web.start();
  if (!port)
    return complain(port.why());
  auto program = cfg.workers.program.empty() ? own_folder() / "vigie-worker"
                                             : cfg.workers.program;
  node_keeper node{
      local_node(cfg, program, local.value().files.certificate, gate.value()),
      say};
  if (cfg.workers.local > 0)
    node.start();
  say("ready on http://" + cfg.http.host + ':' + std::to_string(port.value())
      + " (" + std::to_string(cfg.workers.local)
      + " worker slots, workers join on port " + std::to_string(gate.value())
      + ", " + std::to_string(resumed.value()) + " batches resumed)");
  tell_supervisor("READY=1");
  wait_for_the_end(ends, cfg.server.drain);
  node.retire();
  service.drain();
  actors.drain(cfg.server.drain);
  web.stop();
  node.stop();
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
    if (args[0] == "--help")
      show_usage();
    else
      std::puts(vigie::version);
    return 0;
  }
  auto env = [](std::string name) {
    auto* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>{value} : std::nullopt;
  };
  if (!args.empty() && args[0] == "token")
    return token_command(std::span{args}.subspan(1), env);
  if (!args.empty() && args[0] == "cert")
    return cert_command(std::span{args}.subspan(1), env);
  if (auto code = backup_command(args, env))
    return *code;
  if (!args.empty() && !args[0].starts_with("-"))
    return complain(
        {code::bad_request,
         args[0] + ": no such command"
             + suggestion(args[0], {"token", "cert", "backup", "restore"})
             + "; see vigied --help"});
  if (auto ended = config_command(args, env))
    return *ended;
  auto cfg = load_settings(args, env, environment_names());
  if (!cfg)
    return complain(cfg.why());
  add_shipped(cfg.value());
  lines = new logger{{"vigied", *parse_log_format(cfg.value().log.format),
                      *parse_log_level(cfg.value().log.level)}};
  auto result = serve(cfg.value(), ends);
  lines->end();
  return result;
}
