#pragma once

#include "config/option.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vigie {

// What TOML's whole numbers and ours can both hold.
inline constexpr auto most_bytes = uint64_t{INT64_MAX};
inline constexpr auto most_things = std::size_t{INT64_MAX};

/// Every option, in the order of config/vigie.toml; weights of labels are
/// added as they are named (label_weight).
const std::vector<option>& all_options();

/// The option of that key, scoring.label.NAME included; or none.
std::optional<option> option_of(const std::string& key);

/// `scoring.label.NAME`
option label_weight(const std::string& label);

// One file each; all_options() has them in order.
std::vector<option> http_options();     ///< `http`, `sse`
std::vector<option> access_options();   ///< `access`
std::vector<option> evidence_options(); ///< `storage`, `analysis`, `scoring`
std::vector<option> worker_options();   ///< `workers`
std::vector<option> gemini_options();   ///< `gemini`
std::vector<option> life_options();     ///< `server`, `admission`, `retention`
std::vector<option> log_options();      ///< `log`, `ready`

} // namespace vigie
