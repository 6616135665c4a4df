#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string_view>

namespace vigie {

/// JSON of a stranger: discarded when it is larger than `most_bytes` or nested
/// deeper than `deepest` (nlohmann's parser recurses when it destroys). Never
/// throws.
inline nlohmann::json flat_json(std::string_view text, std::size_t most_bytes,
                                int deepest) {
  using nlohmann::json;
  if (text.size() > most_bytes)
    return json(json::value_t::discarded);
  try {
    auto too_deep = false;
    auto guard = [&](int depth, json::parse_event_t, json&) {
      too_deep = too_deep || depth > deepest;
      return !too_deep;
    };
    auto out = json::parse(text, guard, false);
    return too_deep ? json(json::value_t::discarded) : out;
  } catch (const std::exception&) {
    return json(json::value_t::discarded);
  }
}

} // namespace vigie
