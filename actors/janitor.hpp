#pragma once

#include "actors/file_stage.hpp"
#include "actors/protocol.hpp"
#include "domain/retention.hpp"

#include <deque>
#include <memory>

namespace vigie {

struct janitor_args {
  retention_rules rules;
  std::chrono::seconds period{600};
  std::chrono::seconds first{60};
  std::shared_ptr<archive> shelves;
  front_actor front;
  deadlines wait;
  wall_clock now;
  log_line log;
};

/// One look at a time; one deletion at a time.
struct janitor_state {
  janitor_actor::pointer self = nullptr;
  janitor_args args;
  std::deque<batch_id> doomed;
  std::size_t deleted = 0; ///< In this run.
  bool pressing = false;
  bool said_helpless = false;
  bool more = false; ///< The run was cut short: the next one comes soon.

  void look();
  void next();
  void rest();

  static inline const char* name = "janitor";
};

/// JANITOR: deletes what retention says, by FRONT, as a client would. Spawn
/// detached: it looks at the disk and the database itself.
janitor_actor::behavior_type
janitor(janitor_actor::stateful_pointer<janitor_state> self, janitor_args args);

} // namespace vigie
