#pragma once

#include "actors/broadcaster.hpp"
#include "actors/front.hpp"
#include "actors/gate.hpp"
#include "actors/printer.hpp"
#include "actors/store_keeper.hpp"
#include "actors/worker_hub.hpp"
#include "app/gemini_wiring.hpp"
#include "app/pki.hpp"

#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>

#include <memory>
#include <string>

namespace vigie {

/// CAF as the server runs it: few threads, bounded turns, TLS for workers.
struct server_config : caf::actor_system_config {
  explicit server_config(const identity& core);
};

/// What the actors are built from; everything is thread-safe or handed over.
struct server_parts {
  std::shared_ptr<batch_store> store;
  std::shared_ptr<batch_reader> reader;
  printer_args printing;
  hub_rules hub;
  stream_rules streams;
  pipeline_args pipelines; ///< Handles are filled in here.
  gemini_parts gemini;
  std::size_t most_unfinished = 1'000;
  std::string gate_host = "127.0.0.1";
  uint16_t gate_port = 0; ///< 0: any.
};

/// Every actor of the server, started and stopped in the right order.
/// Owned by main; not thread-safe but for the handles.
class server_system {
public:
  server_system(caf::actor_system& sys, server_parts parts);
  ~server_system();
  server_system(const server_system&) = delete;
  server_system& operator=(const server_system&) = delete;

  /// Opens the gate; answers its port.
  outcome<uint16_t> open_gate();
  /// Continues unfinished batches; answers how many.
  outcome<uint64_t> resume();

  const front_actor& front() const { return front_; }
  const broadcaster_actor& broadcaster() const { return broadcaster_; }
  const desk_actor& desk() const { return desk_; } ///< Null: Gemini is off.

private:
  void open_desk(gemini_parts& parts, const deadlines& wait);

  caf::actor_system& sys_;
  std::string gate_host_;
  uint16_t gate_port_;
  replayer_actor replayer_;
  broadcaster_actor broadcaster_;
  store_keeper_actor store_;
  printer_actor printer_;
  hub_actor hub_;
  std::vector<caller_actor> callers_;
  desk_actor desk_;
  gate_actor gate_;
  front_actor front_;
};

} // namespace vigie
