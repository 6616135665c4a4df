#pragma once

#include "domain/batch.hpp"

#include <optional>
#include <vector>

namespace vigie {

/// The summary that needs no model: counts, worst findings, what to do.
/// French. Pure and deterministic.
batch_summary summarize(const std::vector<file_record>& files,
                        const std::vector<observation>& observations,
                        const std::optional<risk_score>& score, utc_time now);

} // namespace vigie
