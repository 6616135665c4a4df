#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vigie {

/// Numbers of quotas as strangers write them. Negative, fractional, too large
/// and malformed ones read as missing. Never throw.

/// `15`, `15.0`, `"15"`, `"1,000"`.
std::optional<int64_t> quota_number(const nlohmann::json& x);

/// One `* Quota exceeded for metric: NAME, limit: N` of a message.
struct said_limit {
  std::string_view metric; ///< Empty: a limit of nothing in particular.
  int64_t value = 0;
};

/// Every `limit: N` of a message; points into `text`.
std::vector<said_limit> limits_in(std::string_view text);

} // namespace vigie
