#pragma once
// Over budget: the desk's whole state on one page.

#include "actors/file_stage.hpp"
#include "actors/protocol.hpp"
#include "domain/quota_gate.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vigie {

struct desk_args {
  std::vector<gate_rules> gates;   ///< The model, then its fallbacks in order.
  std::vector<gate_memory> memory; ///< As stored; empty: a fresh start.
  std::vector<caller_actor> callers;
  store_keeper_actor store; ///< Null: nothing is persisted (benchmarks).
  deadlines wait;
  wall_clock now;
  std::chrono::milliseconds call_timeout{120'000};
  log_line log; ///< Gate transitions.
};

/// Gates, the asks they hold, and the callers that are free.
struct desk_state {
  struct asker {
    ask_ptr ask;
    gemini_stage_actor stage;
    caf::typed_response_promise<told_ptr> promise;
    uint64_t id = 0; ///< Of its own deadline.
  };
  struct open_ask {
    ask_ptr ask;
    gemini_stage_actor stage;
    caf::typed_response_promise<told_ptr> promise;
    std::vector<asker> followers; ///< Asked the same, in any batch.
    std::size_t gate = 0;
    int sends = 0;
    int cap = 0; ///< max_output_tokens of the next request.
    std::optional<std::stop_source> flight;
  };
  struct batch_asks {
    std::size_t open = 0;
    gemini_stage_actor stage; ///< There is one per batch.
  };
  struct desk_gate {
    quota_gate rules;
    std::string model;
    uint64_t generation = 0; ///< Of the armed timer.
    bool dirty = false;
    bool fell_back = false; ///< Said already.
  };
  using key = std::pair<std::string, std::string>; ///< Input, prompt.
  using open_key = std::pair<std::string_view, std::string_view>;

  desk_actor::pointer self = nullptr;
  desk_args args;
  std::vector<desk_gate> gates;
  std::unordered_map<uint64_t, open_ask> asks;
  std::unordered_map<std::string, batch_asks> batches; ///< Of `asks`.
  /// The same question is asked once. Views of the hashes in `asks`.
  std::map<open_key, uint64_t> open_keys;
  /// When the budget of each is spent; what has ended is left in it till then.
  std::set<std::pair<caf::actor_clock::time_point, uint64_t>> due;
  uint64_t due_generation = 0; ///< Of the one timer, at the first of `due`.
  std::map<key, model_answer> recent; ///< Answers of this life.
  std::deque<key> recent_order;
  std::deque<caller_actor> idle;
  std::deque<uint64_t> called;       ///< Sent by the gate, no caller free yet.
  std::set<caf::actor_addr> watched; ///< Stages that have open questions.
  uint64_t last_id = 0;
  bool save_armed = false;
  std::size_t storing = 0; ///< Answers on their way to STORE_KEEPER.
  std::vector<caf::typed_response_promise<bool>> draining;

  ~desk_state(); ///< Ends the calls that are out: a stop waits for nobody.
  moment now() const;
  void take(const ask_ptr& ask, gemini_stage_actor stage,
            caf::typed_response_promise<told_ptr> promise);
  void enter_gate(uint64_t id, std::size_t first);
  void carry_out(std::size_t gate, gate_steps steps,
                 const model_reply* in_hand = nullptr);
  void call(uint64_t id);
  void back(uint64_t id, const caller_actor& caller, const model_reply& reply);
  void end(std::size_t gate, const verdict& v, const model_reply* in_hand);
  bool try_next_gate(uint64_t id, std::size_t gate);
  void move_on(std::size_t gate);
  void keep(uint64_t id, const model_reply& reply);
  void deliver(uint64_t id, model_told told);
  void lost(const caf::actor_addr& stage);
  void tell(const hold_up& h);
  void tick(std::size_t gate, uint64_t generation);
  void arm_budgets();
  void budgets_spent(uint64_t generation);
  void expire(uint64_t id);
  void expire_follower(uint64_t id);
  void save_soon(std::size_t gate, bool at_once);
  void save();
  boards_ptr board() const;
  void drain(caf::typed_response_promise<bool> promise);
  void tell_if_idle();

  static inline const char* name = "gemini_desk";
};

/// GEMINI_DESK: sends when the gate of a model allows it and sleeps by
/// delayed_send; every decision is quota_gate's. Each analysis has its own
/// budget, up to the deadline it came with.
desk_actor::behavior_type
gemini_desk(desk_actor::stateful_pointer<desk_state> self, desk_args args);

} // namespace vigie
