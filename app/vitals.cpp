#include "app/vitals.hpp"

#include "app/process_figures.hpp"
#include "app/version.hpp"

#include <caf/config.hpp>

#include <sys/statvfs.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 5> part_names{"front", "hub", "streams",
                                                "store", "gemini"};
constexpr std::size_t most_counted = 10'000;

double size_of(const fs::path& file) {
  std::error_code absent;
  auto n = fs::file_size(file, absent);
  return absent ? 0 : static_cast<double>(n);
}

void add_build(family_list& to) {
  to.gauge("vigie_build_info", "Always 1; the labels say what runs.")
      .put(1, {{"version", version},
               {"caf", std::to_string(CAF_VERSION / 10'000) + "."
                           + std::to_string(CAF_VERSION / 100 % 100) + "."
                           + std::to_string(CAF_VERSION % 100)}});
}

} // namespace

std::optional<uint64_t> free_bytes(const fs::path& path) {
  struct statvfs room {};
  if (::statvfs(path.c_str(), &room) != 0)
    return std::nullopt;
  return uint64_t{room.f_bavail} * room.f_frsize;
}

vitals::vitals(caf::actor_system& sys, vitals_parts parts)
    : sys_(sys), parts_(std::move(parts)) {}

std::string vitals::exposition() {
  family_list now;
  add_build(now);
  ask_actors(now);
  if (parts_.door)
    add_door(now, parts_.door());
  add_storage(now);
  now.counter("vigie_log_lines_dropped_total",
              "Lines about requests that standard error did not take in time.")
      .put(static_cast<double>(parts_.lines_dropped ? parts_.lines_dropped()
                                                    : 0));
  if (parts_.more)
    parts_.more(now);
  add_process(now);
  auto all = parts_.counted->collect();
  std::ranges::move(now.all, std::back_inserter(all));
  return exposition_of(all);
}

/// All questions are out before the first answer is waited for.
void vitals::ask_actors(family_list& to) {
  caf::scoped_actor self{sys_};
  auto most = parts_.deadline;
  auto absent = [this](std::size_t part) {
    return [this, part](const caf::error&) { ++missing_[part]; };
  };
  auto front = self->request(parts_.front, most, stats_atom_v);
  auto hub = self->request(parts_.hub, most, stats_atom_v);
  auto streams = self->request(parts_.broadcaster, most, stats_atom_v);
  auto store = self->request(parts_.store, most, ready_atom_v);
  if (parts_.desk)
    self->request(parts_.desk, most, stats_atom_v)
        .receive([&](const boards_ptr& all) { add_gates(to, *all, utc_now()); },
                 absent(4));
  front.receive([&](const front_stats& x) { add_front(to, x); }, absent(0));
  hub.receive([&](const hub_stats& x) { add_hub(to, x); }, absent(1));
  streams.receive([&](const stream_stats& x) { add_streams(to, x); },
                  absent(2));
  store.receive(
      [&](bool has_room) {
        to.gauge("vigie_store_waiting_for_room",
                 "1 while work waits for room on the disk.")
            .put(has_room ? 0 : 1);
      },
      absent(3));
  to.counter("vigie_scrape_parts_missing_total",
             "Parts that did not answer a scrape in time and were left out.");
  for (std::size_t i = 0; i < part_names.size(); ++i)
    to.put(static_cast<double>(missing_[i].load()), {{"part", part_names[i]}});
}

void vitals::add_storage(family_list& to) const {
  auto log = parts_.database.string() + "-wal";
  to.gauge("vigie_database_size_bytes", "The SQLite file.")
      .put(size_of(parts_.database));
  to.gauge("vigie_database_wal_size_bytes", "Its write-ahead log.")
      .put(size_of(log));
  if (auto room = free_bytes(parts_.storage))
    to.gauge("vigie_storage_free_bytes",
             "Room left on the filesystem of the evidence.")
        .put(static_cast<double>(*room));
  if (!parts_.quarantine)
    return;
  if (auto files = parts_.quarantine->quarantined(most_counted))
    to.gauge("vigie_files_in_quarantine",
             "Files that wait for an operator; 10,000 at most are counted.")
        .put(static_cast<double>(files.value().size()));
}

} // namespace vigie
