#pragma once

#include "domain/problem.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace vigie {

/// What went wrong, in a row of the problem table, with words for people.
struct problem {
  code id = code::internal;
  std::string detail; ///< May be shown to anyone: no path, no stack, no key.
  std::chrono::seconds retry_after{0}; ///< When it is known; 0: it is not.
};

/// A value or the reason there is none (std::expected is C++23).
template <class T>
class [[nodiscard]] outcome {
public:
  outcome(T x) : x_(std::in_place_index<0>, std::move(x)) {}
  outcome(problem p) : x_(std::in_place_index<1>, std::move(p)) {}
  explicit operator bool() const { return x_.index() == 0; }
  const T& value() const& { return std::get<0>(x_); }
  T& value() & { return std::get<0>(x_); }
  T&& value() && { return std::get<0>(std::move(x_)); }
  const problem& why() const { return std::get<1>(x_); }

private:
  std::variant<T, problem> x_;
};

struct done {};

} // namespace vigie
