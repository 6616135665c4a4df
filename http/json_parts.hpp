#pragma once

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

/// What the files of the wire spelling share.
namespace vigie::wire {

using nlohmann::json;

struct field {
  const char* name;
  mutable json value; // moved out of the braces
};

/// Made in place: nlohmann's own braces make an array of each pair first.
inline json object(std::initializer_list<field> fields) {
  auto out = json::object();
  for (auto& f : fields)
    out.emplace(f.name, std::move(f.value));
  return out;
}

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
