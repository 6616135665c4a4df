#pragma once

#include "actors/protocol.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace vigie {

/// Changes that wait for the next commit, with who asked.
struct store_keeper_state {
  struct pending {
    change_ptr what;
    caf::typed_response_promise<answer_ptr> promise;
    caf::actor_addr asker; ///< Null: a full disk is answered at once.
  };

  store_keeper_actor::pointer self = nullptr;
  std::shared_ptr<batch_store> store;
  std::shared_ptr<batch_reader> reader;
  broadcaster_actor broadcaster;
  log_line log;
  std::vector<pending> waiting;
  std::vector<pending> held; ///< For want of room, in order.
  std::chrono::seconds pause{0};
  std::vector<caf::typed_response_promise<bool>> watching; ///< The next commit.
  bool armed = false; ///< A retry of what is held is on its way.

  void take(pending one);
  void flush();
  void commit(std::vector<pending> group);
  void hold(pending one);
  void retry();
  void forget(const caf::actor_addr& asker);

  static inline const char* name = "store_keeper";
};

/// The one writer. Spawn detached: SQLite and fsync block.
store_keeper_actor::behavior_type
store_keeper(store_keeper_actor::stateful_pointer<store_keeper_state> self,
             std::shared_ptr<batch_store> store,
             std::shared_ptr<batch_reader> reader,
             broadcaster_actor broadcaster, log_line log);

} // namespace vigie
