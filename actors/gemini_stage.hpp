#pragma once

#include "actors/file_stage.hpp"
#include "actors/gemini_plan.hpp"
#include "actors/protocol.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vigie {

struct gemini_stage_args {
  batch_id id;
  store_keeper_actor store;
  jobs_actor hub; ///< Converts images that the model does not take.
  pipeline_actor owner;
  plan_ptr plan;
  deadlines wait;
  wall_clock now;
  std::string root;              ///< Storage root, absolute.
  std::optional<gemini_run> run; ///< Begun before a restart, or by a re-run.
  bool already = false;          ///< The result stands: only told of waits.
};

/// What became of one image.
struct image_outcome {
  file_record file;
  model_told told;
};

/// The images of one batch on their way through GEMINI_DESK.
struct gemini_stage_state {
  gemini_stage_actor::pointer self = nullptr;
  gemini_stage_args args;
  gemini_run run;
  std::vector<file_record> images;
  std::vector<image_outcome> outcomes;
  int sends_before = 0; ///< Of each image that is left, before a restart.
  bool concluded = false;
  bool told_waiting = false;
  bool keeping = false, keep_again = false; ///< A run is being stored.

  void wake();
  void look(const batch_view& view);
  void go_on();
  void finish_without(std::string status, std::vector<std::string> warnings,
                      bool say);
  void recall_answers();
  void ask_all(const std::vector<model_answer>& known);
  void prepare(const file_record& file);
  void ask(const file_record& file, model_image image);
  void got(const file_record& file, model_told told);
  void conclude();
  void held(const held_up& h);
  void sent();
  void waited_till_now();
  void keep_progress();
  void commit(change what, std::function<void(const change_answer&)> then);

  static inline const char* name = "gemini_stage";
};

/// GEMINI: asks the desk about each image under one deadline, stores the
/// record and what was seen, tells the timeline why it waits.
gemini_stage_actor::behavior_type
gemini_stage(gemini_stage_actor::stateful_pointer<gemini_stage_state> self,
             gemini_stage_args args);

/// The record and the events of a finished stage; pure.
gemini_result conclusion(const gemini_stage_state& st, utc_time now,
                         std::vector<event_draft>& events);

} // namespace vigie
