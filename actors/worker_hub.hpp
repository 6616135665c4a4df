// Over budget: one state, and each method that its files share.
#pragma once

#include "actors/hub_rules.hpp"
#include "actors/protocol.hpp"
#include "domain/fair_queue.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace vigie {

/// Queues by batch, the nodes that joined, and who holds what.
struct hub_state {
  using instant = caf::actor_clock::time_point;

  struct entry {
    analysis_job job;
    caf::typed_response_promise<analysis_result> promise;
    caf::actor_addr asker;
    std::set<std::string> needs;
    instant since{};  ///< Asked for.
    instant queued{}; ///< Or given back, last.
    uint64_t order = 0;
    int broken = 0; ///< Leases lost after the work had begun.
    int lost = 0;   ///< All of them.
    std::vector<std::string> reasons;
    std::map<std::string, node_trial> tried; ///< By name of the bundle.
    bool forgiven = false; ///< Once: what broke was the fault of a node.
    bool told = false;     ///< Its stage knows that it waits for a node.
  };
  struct pull {
    caf::typed_response_promise<analysis_job> promise;
    instant until;
  };
  struct node {
    hello who;
    std::string name;
    caf::actor link; ///< Takes `stop` and `drain`; told anonymously.
    instant seen;
    std::deque<pull> waiting;
    bool draining = false;
    bool can(const std::set<std::string>& needs) const {
      auto& has = who.abilities;
      return std::includes(has.begin(), has.end(), needs.begin(), needs.end());
    }
    bool fits(const entry& e) const {
      return who.largest_file == 0 || e.job.bytes <= who.largest_file;
    }
    bool takes(const entry& e) const { return can(e.needs) && fits(e); }
  };
  struct lease {
    entry what;
    std::string holder; ///< Boot id.
    std::string owner;  ///< Of whose bundle it is.
    instant since, renewed;
    instant moved{}; ///< Begun, or until then: a piece of its file was asked.
    bool begun = false; ///< The node said that it works on it.
  };

  hub_actor::pointer self = nullptr;
  hub_rules rules;
  uint64_t last_id = 0;
  bool draining = false;
  std::map<std::string, node> nodes; ///< By boot id.
  /// By name of the bundle: a boot id is what a node says. Some have left.
  std::map<std::string, node_marks> marks;
  fair_queue<entry> queue;
  std::unordered_map<uint64_t, lease> leases; ///< By token.
  std::set<caf::actor_addr> watched;          ///< Stages that asked.

  void work(const analysis_job& job, caf::actor_addr asker,
            caf::typed_response_promise<analysis_result> promise);
  void enqueue(entry e);
  void match();
  bool gets_work(const node& n) const;
  bool serve(const std::string& boot_id, node& to);
  void join(const hello& who, const std::string& name, caf::actor link);
  void pulled(const std::string& boot_id,
              caf::typed_response_promise<analysis_job> promise);
  bool result(const std::string& boot_id, uint64_t token,
              const analysis_result& r);
  lease_list beat(const std::string& boot_id, const lease_list& held);
  lease* held_by(const std::string& boot_id, uint64_t token);
  void broke(uint64_t token, const std::string& why);
  void slot_broke(uint64_t token, const std::string& why);
  void count(lease& l, const std::string& why);
  void mark(lease& l, bool fresh);
  void bench(const std::string& owner);
  void give_again(uint64_t token);
  void answered(const std::string& owner);
  void begin(lease& l, instant now);
  fair_queue<entry>::fit suits(const node& n, const entry& e) const;
  bool another_takes(const entry& e, const node& than) const;
  uint64_t holds(const std::string& boot_id) const;
  void undone(const std::string& boot_id, uint64_t token);
  void lost(const std::string& boot_id);
  void forget(const caf::actor_addr& asker);
  uint64_t drain_node(const std::string& name);
  void call_off(const lease& l, uint64_t token);
  void tell(const lease& l, job_end how) const;
  void tick();
  void tick_nodes(instant now);
  void tell_who_waits(instant now);
  bool would_do(const node& n, const entry& e, instant now) const;
  std::string lacking(const entry& e) const;
  hub_stats stats() const;
  std::vector<node_view> view() const;
  std::vector<stage_queue> queues() const;

  static inline const char* name = "worker_hub";
};

/// Queue per batch, fair by turns; nodes pull, heartbeats keep their leases.
hub_actor::behavior_type worker_hub(hub_actor::stateful_pointer<hub_state> self,
                                    hub_rules rules);

} // namespace vigie
