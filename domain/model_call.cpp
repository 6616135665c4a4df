#include "domain/model_call.hpp"

#include <array>

namespace vigie {

std::string_view to_string(reply_kind x) {
  constexpr std::array names{
      "ok",  "blocked", "truncated",   "malformed", "minute",
      "day", "limit0",  "billing",     "bare",      "transient",
      "key", "config",  "bad_request", "model"};
  return names[static_cast<std::size_t>(x)];
}

std::string_view to_string(quota_dim x) {
  constexpr std::array names{"", "rpm", "tpm", "rpd"};
  return names[static_cast<std::size_t>(x)];
}

} // namespace vigie
