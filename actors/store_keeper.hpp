#pragma once

#include "actors/protocol.hpp"

#include <memory>
#include <vector>

namespace vigie {

/// Changes that wait for the next commit, with who asked.
struct store_keeper_state {
  struct pending {
    change_ptr what;
    caf::typed_response_promise<answer_ptr> promise;
  };

  store_keeper_actor::pointer self = nullptr;
  std::shared_ptr<batch_store> store;
  std::shared_ptr<batch_reader> reader;
  broadcaster_actor broadcaster;
  std::vector<pending> waiting;

  void take(change_ptr what, caf::typed_response_promise<answer_ptr> promise);
  void flush();

  static inline const char* name = "store_keeper";
};

/// The one writer. Spawn detached: SQLite and fsync block.
store_keeper_actor::behavior_type
store_keeper(store_keeper_actor::stateful_pointer<store_keeper_state> self,
             std::shared_ptr<batch_store> store,
             std::shared_ptr<batch_reader> reader,
             broadcaster_actor broadcaster);

} // namespace vigie
