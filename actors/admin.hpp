#pragma once

#include "actors/protocol.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace vigie {

struct admin_args {
  hub_actor hub;
  front_actor front;
  clerk_actor clerk;
  /// Shorter than an operator waits: who did not answer is named.
  std::chrono::seconds answer_within{4};
  broadcaster_actor broadcaster;
  desk_actor desk; ///< Null: Gemini is off.
  inspector_actor inspector;
  std::function<utc_time()> now = utc_now;
  /// Longer than a node's own look takes, with the way to it and back.
  std::chrono::milliseconds look_within{1'800};
  std::chrono::seconds verify_within{50};
};

/// Nothing of its own but the looks under way: it asks others.
struct admin_state {
  using answer = caf::result<admin_answer>;
  using promise_t = caf::typed_response_promise<admin_answer>;

  /// One picture of everything, put together as its parts come in.
  struct look {
    promise_t told;
    admin_answer out;
    std::string kind, batch; ///< Only actors of these; empty: of all.
    std::size_t rows = most_actors;
    std::size_t open = 0;                       ///< Parts that are not in yet.
    std::map<std::string, std::string> awaited; ///< Nodes: boot id, name.
  };

  admin_actor::pointer self = nullptr;
  admin_args args;
  std::map<uint64_t, look> looks; ///< By number.
  uint64_t last_look = 0;

  answer obey(const admin_ask& ask);
  answer nodes();
  answer drain(const std::string& name);
  answer list();
  // admin_look.cpp
  answer top(const std::vector<std::string>& wishes, bool all);
  void look_at_nodes(uint64_t number);
  void look_at_rest(uint64_t number);
  bool reported(const std::string& boot_id, uint64_t number,
                const actor_sheet& sheet);
  void closed(uint64_t number);
  void finish(uint64_t number);
  // admin_batches.cpp
  answer batches(const std::vector<std::string>& wishes);
  answer gemini();
  answer verify(const std::string& from);
  answer cancel(const batch_id& batch);
  answer retry(const batch_id& batch);
  answer release(const batch_id& batch, const std::string& file);
  answer purge(const batch_id& batch, const std::string& file);

  static inline const char* name = "admin";
};

/// The gates of a board, as an operator is told.
std::vector<gate_row> gate_rows(const std::vector<gate_board>& all,
                                utc_time now);

/// Obeys; GATE has looked at the role of whoever asks. Any number of questions
/// at once.
admin_actor::behavior_type
admin(admin_actor::stateful_pointer<admin_state> self, admin_args args);

} // namespace vigie
