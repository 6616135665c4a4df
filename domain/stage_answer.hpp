#pragma once

#include "domain/job.hpp"

#include <string>

namespace vigie {

/// An answer as it may be stored and shown.
struct stage_answer {
  analysis_result result;
  /// What the worker said went wrong, in its own words: for the log alone, one
  /// line. Empty: nothing.
  std::string said;
};

/// `r` cut to what the stage of `job` answers: fields of other stages are
/// cleared, names and sources are the job's, codes are of domain/file_faults
/// with its sentences, numbers that cannot be are dropped, texts are cut.
/// A node is a peer that may be hostile. REQUIRES: acceptable(r).
stage_answer cut_to(const analysis_job& job, analysis_result r);

} // namespace vigie
