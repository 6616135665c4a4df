#pragma once

#include "actors/file_stage.hpp"
#include "actors/gemini_plan.hpp"
#include "actors/protocol.hpp"
#include "domain/scoring.hpp"

#include <functional>

namespace vigie {

struct closing_args {
  batch_id id;
  store_keeper_actor store;
  printer_actor printer; ///< Used by REPORT only.
  closing_actor next;
  deadlines wait;
  wall_clock now;
  scoring_weights weights;   ///< Used by SCORING only.
  plan_ptr plan;             ///< Used by SUMMARY only.
  gemini_stage_actor gemini; ///< Told why SUMMARY waits.
  bool already = false;      ///< The stored result stands: just pass on.
};

/// What the three closing stages share: look at the batch, store, pass on.
struct closing_state {
  closing_actor::pointer self = nullptr;
  closing_args args;
  bool draining = false;

  /// Hands the committed view to `use`; quits with an error without one.
  void look(std::function<void(const batch_view&)> use);
  /// Commits, then wakes `next`; quits with an error when refused.
  void commit(change what);
  void pass_on();

  static inline const char* name = "closing";
};

using closing_pointer = closing_actor::stateful_pointer<closing_state>;

/// SCORING: risk over all observations of the batch.
closing_actor::behavior_type scoring_stage(closing_pointer self,
                                           closing_args args);

/// What closing stages do when they are woken: nothing if it is done already.
closing_actor::behavior_type on_wake(closing_pointer self, closing_args args,
                                     std::function<void()> work);

/// SUMMARY: text, findings and recommendations, by the model when the batch
/// has a run with time left, else by local rules.
closing_actor::behavior_type summary_stage(closing_pointer self,
                                           closing_args args);

/// REPORT: asks PRINTER for the PDF and stores it with its hash.
closing_actor::behavior_type report_stage(closing_pointer self,
                                          closing_args args);

} // namespace vigie
