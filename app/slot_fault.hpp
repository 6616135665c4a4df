#pragma once

#include "domain/job.hpp"

namespace vigie {

/// Documented in docs/operations.md: VIGIE_FAULT=WHAT:NAME makes a slot that
/// gets a file whose name contains NAME crash, spin, sleep:MS, flood (answer
/// 200 MB), twice (answer before it works, and again after) or eat (all the
/// memory it gets).
void misbehave_if_asked(const analysis_job& job);

} // namespace vigie
