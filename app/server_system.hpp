#pragma once

#include "actors/admin.hpp"
#include "actors/broadcaster.hpp"
#include "actors/clerk.hpp"
#include "actors/depot.hpp"
#include "actors/front.hpp"
#include "actors/gate_keeper.hpp"
#include "actors/janitor.hpp"
#include "actors/printer.hpp"
#include "actors/store_keeper.hpp"
#include "actors/worker_hub.hpp"
#include "app/gate_socket.hpp"
#include "app/gemini_wiring.hpp"
#include "domain/actor_view.hpp"
#include "remote/door.hpp"
#include "remote/peer_view.hpp"

#include <caf/io/all.hpp>

#include <memory>
#include <string>

namespace vigie {

/// What the actors are built from; everything is thread-safe or handed over.
struct server_parts {
  std::shared_ptr<batch_store> store;
  std::shared_ptr<batch_reader> reader;
  std::shared_ptr<access_book> access;
  printer_args printing;
  hub_rules hub;
  stream_rules streams;
  pipeline_args pipelines; ///< Handles are filled in here.
  gemini_parts gemini;
  std::shared_ptr<chunk_source> evidence;
  std::shared_ptr<quarantine_reader> quarantine;
  std::shared_ptr<evidence_check> vault;
  std::filesystem::path pki; ///< Who may join.
  door_options door;         ///< The socket of the gate is filled in here.
  admission_limits admission;
  retention_rules retention;
  std::chrono::seconds retention_period{600};
  std::shared_ptr<archive> shelves;
  log_line log;
};

/// Every actor of the server, started and stopped in the right order.
/// Owned by main; not thread-safe but for the handles.
class server_system {
public:
  server_system(caf::actor_system& sys, server_parts parts);
  ~server_system();
  server_system(const server_system&) = delete;
  server_system& operator=(const server_system&) = delete;

  /// Opens the door to the gate; answers its port.
  outcome<uint16_t> open_gate();
  /// Continues unfinished batches; answers how many.
  outcome<uint64_t> resume();
  /// Nothing new begins; what is under way reaches its next commit, unless
  /// that takes longer than `bound`. Then streams end. Blocks.
  void drain(std::chrono::seconds bound);

  const front_actor& front() const { return front_; }
  const broadcaster_actor& broadcaster() const { return broadcaster_; }
  const hub_actor& hub() const { return hub_; }
  const desk_actor& desk() const { return desk_; } ///< Null: Gemini is off.
  const store_keeper_actor& store() const { return store_; }
  /// What the door of the worker network did. Thread-safe; nothing while it is
  /// not open.
  door_stats at_the_door() const {
    return door_ ? door_->stats() : door_stats{};
  }

private:
  gate_args gate_parts();
  template <caf::spawn_options Os = caf::no_spawn_options, class F, class... Ts>
  auto hire(actor_kind kind, F fun, Ts&&... args);
  void hire_office(server_parts& parts);
  void hire_janitor(server_parts& parts);
  void hire_warden();
  void open_desk(gemini_parts& parts, const deadlines& wait);

  caf::actor_system& sys_;
  log_line log_;
  std::filesystem::path pki_;
  std::shared_ptr<peer_view> peers_;
  door_options door_options_;
  gate_socket socket_;
  replayer_actor replayer_;
  broadcaster_actor broadcaster_;
  store_keeper_actor store_;
  printer_actor printer_;
  hub_actor hub_;
  std::vector<caller_actor> callers_;
  desk_actor desk_;
  depot_actor depot_;
  clerk_actor clerk_;
  inspector_actor inspector_;
  admin_actor admin_;
  caf::actor keeper_; ///< Null: the gate is not open.
  front_actor front_;
  janitor_actor janitor_;      ///< Null: retention is off.
  caf::actor warden_;          ///< Ends before those it watches.
  std::unique_ptr<door> door_; ///< Closed first.
};

} // namespace vigie
