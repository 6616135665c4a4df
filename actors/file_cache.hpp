#pragma once

#include "actors/protocol.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

/// What is on its way from the server.
struct file_cache_state {
  using promise = caf::typed_response_promise<std::string>;
  struct coming {
    gate_actor gate;
    std::string boot_id;
    uint64_t offset = 0;
    uint64_t life = 0;  ///< Answers for an older one are void.
    bool again = false; ///< The hash did not fit once.
    std::vector<std::pair<analysis_job, promise>> waiters;
  };

  cache_actor::pointer self = nullptr;
  std::shared_ptr<file_cache> files;
  std::map<std::string, coming> fetches; ///< By SHA-256.
  uint64_t lives = 0;
  caf::actor_addr watched; ///< The gate of the connection.

  void fetch(const gate_actor& gate, const std::string& boot_id,
             const analysis_job& job, promise told);
  void begin(const std::string& sha256);
  void next(const std::string& sha256);
  void take(const std::string& sha256, const file_chunk& chunk);
  void gate_gone(const caf::actor_addr& which);
  void watch(const gate_actor& gate);
  void finish(const std::string& sha256);
  void refuse_first(const std::string& sha256, const caf::error& why);
  void refuse_all(const std::string& sha256, const problem& why);

  static inline const char* name = "file_cache";
};

/// One chunk of a file is on its way at a time: the next is asked for when the
/// one before is on disk. Spawn detached: it writes files.
cache_actor::behavior_type
file_fetcher(cache_actor::stateful_pointer<file_cache_state> self,
             std::shared_ptr<file_cache> files);

} // namespace vigie
