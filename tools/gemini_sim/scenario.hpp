#pragma once

#include "tools/gemini_sim/quota_model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vigie::sim {

/// What the simulator shall do, from flags and a scenario file:
/// {"rpm":15,"tpm":0,"rpd":0,"window":"fixed|sliding|bucket","phase":0,
///  "variant":"A","p503":0.02,"foreign_share":0,"refusals_count":false,
///  "honest_day":false,"latency":[1,8],"findings":1,
///  "storms":[{"from":60,"to":240,"p503":0.95}],
///  "sequence":["ok","503","429:37.2","429-day:36","blocked", …]}
struct scenario {
  quota_options quota;
  double latency_min = 0, latency_max = 0; ///< Simulated seconds.
  double p_blocked = 0, p_truncated = 0, p_empty = 0;
  std::vector<std::string> sequence; ///< The first replies, in order.
  std::vector<std::string> models;   ///< Others are 404; empty: all exist.
  double time_scale = 1;             ///< Simulated seconds per real second.
  std::optional<int> findings;       ///< In every image; absent: 0 to 2, drawn.
  uint64_t seed = 1;
};

/// Nothing, or what is wrong with `key`.
std::optional<std::string> set_option(scenario& s, const std::string& key,
                                      const std::string& value);
std::optional<std::string> read_scenario(scenario& s, const std::string& file);

} // namespace vigie::sim
