#pragma once

#include "actors/pipeline.hpp"
#include "actors/protocol.hpp"

#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

namespace vigie {

/// Which pipelines live, and which batch each one is about.
struct front_state {
  /// Who else speaks of the batch waits until the last of its chain is gone.
  struct departure {
    bool stopped = false; ///< Committed; PIPELINE was told to go.
    std::vector<std::function<void()>> then;
  };

  front_actor::pointer self = nullptr;
  pipeline_args args;
  std::size_t most_unfinished = 0;
  std::size_t arriving = 0; ///< Submitted, not committed yet.
  std::map<batch_id, pipeline_actor> running;
  std::unordered_map<caf::actor_addr, batch_id> names;
  std::map<batch_id, departure> leaving; ///< Being cancelled.

  void submit(const new_batch_ptr& batch,
              caf::typed_response_promise<submitted_ptr> promise);
  void cancel(const batch_id& id, caf::typed_response_promise<done_ptr> told);
  void stop(const batch_id& id);
  void release(const batch_id& id);
  void retry(const batch_id& id, caf::typed_response_promise<done_ptr> told);
  void erase(const batch_id& id, caf::typed_response_promise<done_ptr> told);
  bool wait_if_leaving(const batch_id& id, std::function<void()> then);
  /// Commits; `then` takes the answer, a refusal is told by itself.
  void command(change what, caf::typed_response_promise<done_ptr> told,
               std::function<void(const change_answer&)> then);
  void rerun(const batch_id& id, const std::string& by,
             caf::typed_response_promise<record_ptr> promise);
  void begin_again(const batch_state& batch, const std::string& by,
                   caf::typed_response_promise<record_ptr> promise);
  void resume(caf::typed_response_promise<uint64_t> promise);
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
