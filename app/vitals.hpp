#pragma once

#include "actors/protocol.hpp"
#include "domain/actor_view.hpp"
#include "domain/telemetry.hpp"
#include "metrics/families.hpp"
#include "metrics/metrics_book.hpp"
#include "remote/door_book.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

struct vitals_parts {
  std::shared_ptr<metrics_book> counted;
  front_actor front;
  hub_actor hub;
  broadcaster_actor broadcaster;
  store_keeper_actor store;
  desk_actor desk; ///< Null: Gemini is off.
  std::function<door_stats()> door;
  std::shared_ptr<quarantine_reader> quarantine;
  std::filesystem::path database, storage;
  std::function<uint64_t()> lines_dropped;
  /// Adds families at a scrape, on the thread of who asks: what live actors do,
  /// by kind. Must bound its own time. May be empty.
  std::function<void(family_list&)> more;
  std::chrono::milliseconds deadline{1'000}; ///< For all actors together.
};

/// Counters, and what actors, the disk and the process say at the moment of the
/// scrape. Actors are asked all at once; who does not answer in time is left
/// out and counted. Thread-safe.
class vitals : public metrics_source {
public:
  vitals(caf::actor_system& sys, vitals_parts parts);
  std::string exposition() override;

private:
  void ask_actors(family_list& to);
  void add_storage(family_list& to) const;

  caf::actor_system& sys_;
  vitals_parts parts_;
  /// Times that front, hub, streams, store, gemini did not answer.
  std::array<std::atomic<uint64_t>, 5> missing_{};
};

/// Bytes that a process without privileges can still write where `path` is.
std::optional<uint64_t> free_bytes(const std::filesystem::path& path);

// What each says, as families.
void add_front(family_list& to, const front_stats& x);
void add_hub(family_list& to, const hub_stats& x);
void add_streams(family_list& to, const stream_stats& x);
void add_gates(family_list& to, const std::vector<gate_board>& all,
               utc_time now);
/// Every kind of the server's own, also those that nobody is of now.
void add_actors(family_list& to, const std::vector<kind_total>& all);
void add_door(family_list& to, const door_stats& x);

} // namespace vigie
