#pragma once

#include "actors/protocol.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string>

namespace vigie {

using wall_clock = std::function<utc_time()>;

struct file_stage_args {
  stage what = stage::metadata;
  store_keeper_actor store;
  jobs_actor hub;
  file_stage_actor next; ///< Null: the ticket goes back to `owner`.
  pipeline_actor owner;
  deadlines wait;
  wall_clock now;
  std::size_t window = 8; ///< Tickets at work at once, per batch.
};

/// Tickets in hand: a few at work, the others in line.
struct file_stage_state {
  file_stage_actor::pointer self = nullptr;
  file_stage_args args;
  std::deque<ticket_ptr> waiting;
  std::size_t at_work = 0;
  std::size_t finished = 0;
  std::optional<batch_id> batch; ///< Known with the first ticket.
  bool told_waiting = false;
  bool draining = false;

  void pump();
  void begin(const ticket_ptr& t);
  void store(const ticket_ptr& t, const analysis_result& result);
  void pass_on(const ticket_ptr& t);
  void tell_waiting(const std::string& what);

  static inline const char* name = "file_stage";
};

/// The work of one stage on one file.
analysis_job job_for(const batch_id& batch, const file_record& file,
                     stage what);

/// `worker:waiting`: no node is here, or none that can do `what`.
event_draft waiting_for_node(const std::string& what, utc_time now);

/// METADATA, VISION or TEXT: asks WORKER_HUB, stores, tells, passes on.
/// Quits with an error when the store refuses; the batch then fails.
file_stage_actor::behavior_type
file_stage(file_stage_actor::stateful_pointer<file_stage_state> self,
           file_stage_args args);

} // namespace vigie
