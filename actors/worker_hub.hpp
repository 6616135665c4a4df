#pragma once

#include "actors/protocol.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

namespace vigie {

struct hub_rules {
  std::chrono::seconds silence{10};    ///< A lease not renewed so long breaks.
  std::chrono::seconds job_limit{330}; ///< Longest life of one lease.
  std::chrono::seconds longest_pull{10}; ///< A pull is answered after this.
  int most_broken = 3;                   ///< Then the file is given up.
};

/// Queues by batch, the slots that joined, and who holds what.
struct hub_state {
  using instant = caf::actor_clock::time_point;

  struct entry {
    analysis_job job;
    caf::typed_response_promise<analysis_result> promise;
    caf::actor_addr asker;
    int broken = 0; ///< Leases lost after the work had begun.
  };
  struct pull {
    caf::typed_response_promise<analysis_job> promise;
    instant until;
  };
  struct slot {
    std::string name;
    instant seen;
    std::optional<pull> waiting;
  };
  struct lease {
    entry what;
    std::string holder;
    instant since, renewed;
    bool begun = false; ///< The slot said that it works on it.
  };

  hub_actor::pointer self = nullptr;
  hub_rules rules;
  uint64_t last_id = 0;
  std::map<std::string, slot> slots;
  std::map<batch_id, std::deque<entry>> queues; ///< Never an empty deque.
  std::deque<batch_id> turns;                   ///< Round robin over queues.
  std::unordered_map<uint64_t, lease> leases;   ///< By token.
  std::set<caf::actor_addr> watched;            ///< Stages that asked.

  void work(const analysis_job& job, caf::actor_addr asker,
            caf::typed_response_promise<analysis_result> promise);
  void enqueue(entry e, bool at_the_head);
  entry take();
  void match();
  void hand_out(const std::string& slot_id, slot& to);
  void result(const std::string& slot_id, uint64_t token,
              const analysis_result& r);
  void beat(const std::string& slot_id, uint64_t token);
  void broke(uint64_t token);
  void lost(const std::string& slot_id);
  void forget(const caf::actor_addr& asker);
  void tick();

  static inline const char* name = "worker_hub";
};

/// True when a result that came over the network is within our bounds.
bool acceptable(const analysis_result& r);

/// Queue per batch, fair by turns; slots pull, heartbeats keep their leases.
hub_actor::behavior_type worker_hub(hub_actor::stateful_pointer<hub_state> self,
                                    hub_rules rules);

} // namespace vigie
