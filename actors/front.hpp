#pragma once

#include "actors/pipeline.hpp"
#include "actors/protocol.hpp"

#include <map>
#include <unordered_map>

namespace vigie {

/// Which pipelines live, and which batch each one is about.
struct front_state {
  front_actor::pointer self = nullptr;
  pipeline_args args;
  std::size_t most_unfinished = 0;
  std::size_t arriving = 0; ///< Submitted, not committed yet.
  std::map<batch_id, pipeline_actor> running;
  std::unordered_map<caf::actor_addr, batch_id> names;

  void submit(const new_batch& batch,
              caf::typed_response_promise<submitted_ptr> promise);
  void rerun(const batch_id& id, const std::string& by,
             caf::typed_response_promise<record_ptr> promise);
  void begin_again(const batch_state& batch, const std::string& by,
                   caf::typed_response_promise<record_ptr> promise);
  void launch(const batch_id& id, bool resumed);
  void ended(const caf::down_msg& down);

  static inline const char* name = "front";
};

/// Spawns a PIPELINE per batch; answers POST after the commit, never later.
/// Its end (any exit but kill) ends every pipeline; the next start resumes
/// them.
front_actor::behavior_type
front(front_actor::stateful_pointer<front_state> self, pipeline_args args,
      std::size_t most_unfinished);

} // namespace vigie
