#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

/// What the files of the wire spelling share.
namespace vigie::wire {

using nlohmann::json;

inline std::string dump(const json& j) {
  return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class T>
json maybe(const std::optional<T>& x) {
  return x ? json(*x) : json{};
}

inline json parsed(const std::optional<std::string>& text) {
  auto j = text ? json::parse(*text, nullptr, false) : json{};
  return j.is_discarded() ? json{} : j;
}

} // namespace vigie::wire
