#pragma once

#include "actors/pipeline.hpp"
#include "actors/protocol.hpp"
#include "domain/admission.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace vigie {

struct front_args {
  pipeline_args pipelines;
  admission_limits limits;
  log_line log; ///< What a drain waits for.
};

/// Which pipelines live, and which batch each one is about.
struct front_state {
  /// Who else speaks of the batch waits until the last of its chain is gone.
  struct departure {
    bool stopped = false; ///< Committed; PIPELINE was told to go.
    std::vector<std::function<void()>> then;
  };
  /// The server stops.
  struct farewell {
    caf::typed_response_promise<bool> told;
    caf::actor_clock::time_point until;
    bool desk = false, printer = false; ///< Nothing of them is out any more.
    bool going = false;                 ///< Pipelines were told to go.
    bool good = true;                   ///< Nothing was given up.
    std::string said;                   ///< In the log, last.
    bool looked = false;                ///< Once; all had time to answer.
  };

  front_actor::pointer self = nullptr;
  pipeline_args args;
  log_line log;
  admission room;
  std::map<batch_id, pipeline_actor> running;
  std::unordered_map<caf::actor_addr, batch_id> names;
  std::map<batch_id, departure> leaving; ///< Being cancelled.
  std::set<batch_id> collapsing;         ///< Being marked as failed.
  std::optional<farewell> draining;

  void submit(const new_batch_ptr& batch,
              caf::typed_response_promise<submitted_ptr> promise);
  void answer_when_full(const new_batch_ptr& batch, problem busy,
                        caf::typed_response_promise<submitted_ptr> promise);
  void take_in(const new_batch_ptr& batch,
               caf::typed_response_promise<submitted_ptr> promise);
  void take_up(const batch_id& id, uint64_t bytes, std::function<void()> then);
  void not_begun(const batch_id& id);
  using store_answer = std::function<void(const outcome<change_answer>&)>;
  void commit(change what, store_answer then);
  void cancel(const batch_id& id, caf::typed_response_promise<done_ptr> told);
  void stop(const batch_id& id);
  void release(const batch_id& id);
  void retry(const batch_id& id, const batch_retry& how,
             caf::typed_response_promise<done_ptr> told);
  void retry(const batch_state& batch, const batch_retry& how,
             caf::typed_response_promise<done_ptr> told);
  void purge(const batch_id& id, const std::string& file,
             caf::typed_response_promise<done_ptr> told);
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
  done_ptr arrive(uint64_t bytes, bool first);
  void ready(caf::typed_response_promise<done_ptr> promise);
  void launch(const batch_id& id, uint64_t bytes, bool resumed);
  void ended(const caf::down_msg& down);
  void drain(caf::timespan bound, caf::typed_response_promise<bool> told);
  void look();
  void look(const hub_stats& workers);
  void send_away();
  void gone();

  static inline const char* name = "front";
};

/// Spawns a PIPELINE per batch; answers POST after the commit, never later.
/// Its end (any exit but kill) ends every pipeline; the next start resumes
/// them.
front_actor::behavior_type
front(front_actor::stateful_pointer<front_state> self, front_args args);

/// How much evidence the files are.
uint64_t bytes_of(const std::vector<file_record>& files);

} // namespace vigie
