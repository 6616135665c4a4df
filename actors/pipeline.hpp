#pragma once

#include "actors/closing.hpp"
#include "actors/gemini_plan.hpp"
#include "actors/protocol.hpp"

#include <string>
#include <vector>

namespace vigie {

/// What every pipeline needs; copied into each.
struct pipeline_args {
  store_keeper_actor store;
  jobs_actor hub;
  printer_actor printer;
  deadlines wait;
  wall_clock now;
  scoring_weights weights;
  std::string root; ///< Storage root, absolute.
  plan_ptr plan = std::make_shared<const gemini_plan>(); ///< Off by default.
};

/// The state machine of one batch:
/// loading -> metadata -> files (vision, text) -> joined -> Gemini -> closing
/// -> done.
struct pipeline_state {
  pipeline_actor::pointer self = nullptr;
  pipeline_args args;
  batch_id id;
  batch_state batch;
  std::vector<caf::actor> children;   ///< Kept: a stage without owner dies.
  file_stage_actor first;             ///< METADATA
  file_stage_actor second;            ///< VISION, then TEXT
  file_stage_actor third;             ///< TEXT
  gemini_stage_actor gemini;          ///< Also told of waits by SUMMARY.
  std::vector<ticket_ptr> read;       ///< Through METADATA.
  std::vector<ticket_ptr> joined;     ///< Through TEXT.
  bool draining = false;              ///< No stage begins any more.
  std::vector<closing_actor> closing; ///< Of the children, those that drain.
  std::optional<caf::error> ending;   ///< Why; it goes after its last stage.
  pipeline_actor alive;               ///< Itself, until then.

  void load(bool resumed);
  void start(bool resumed);
  void feed();
  void spawn_file_stages();
  void passed(const ticket_ptr& t, stage what);
  void all_read();
  void all_joined();
  void write_join(const batch_view& view);
  void ask_gemini();
  void gemini_done();
  void give_up(const std::string& words);
  void close();
  void finish();
  void drain();
  void end(caf::error why);
  void stage_gone(const caf::actor_addr& which);
  /// Both go on only if the batch does.
  void commit(change what, std::function<void()> then);
  void look(std::function<void(const batch_view&)> use);
  bool said(std::string_view event_code) const;
  bool stands(stage what) const;

  static inline const char* name = "pipeline";
};

/// One per batch: decides what comes next; quits when the batch is done and
/// with an error when it cannot go on (FRONT then marks the batch failed).
/// It is the last of its chain to go: once it is gone, nothing more is said or
/// stored in the name of this run.
pipeline_actor::behavior_type
pipeline(pipeline_actor::stateful_pointer<pipeline_state> self, batch_id id,
         pipeline_args args);

} // namespace vigie
