#pragma once

#include <caf/all.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace vigie {

/// A sequence, set or map on its way that holds at most `most` elements: CAF
/// believes the number that it reads, and an empty string of one byte is one
/// of 32 in memory. What holds more cannot be read; writing is not bounded.
template <class Container>
struct few {
  Container& all;
  std::size_t most;
};

template <class Container>
few<Container> at_most(std::size_t most, Container& all) {
  return {all, most};
}

/// Elements that one message may still hold, all its lists together; refilled
/// where reading of one begins. A list within a list multiplies.
inline thread_local std::size_t elements_left = 0;
inline constexpr std::size_t most_elements = 50'000;

/// First thing in the inspect() of what crosses as a message of its own.
template <class F>
void begin_message(F&) {
  if constexpr (!std::is_same_v<typename F::result_type, void>)
    if constexpr (!F::reads_state)
      elements_left = most_elements;
}

namespace detail {

template <class T>
struct element {
  using type = T;
};
template <class K, class V>
struct element<std::pair<const K, V>> {
  using type = std::pair<K, V>;
};

} // namespace detail

template <class F, class Container>
typename F::result_type inspect(F& f, few<Container>& x) {
  if constexpr (std::is_same_v<typename F::result_type, void>) {
    return f(x.all);
  } else if constexpr (F::reads_state) {
    return f(x.all);
  } else {
    std::size_t n = 0;
    if (auto err = f.begin_sequence(n))
      return err;
    if (n > x.most || n > elements_left)
      return caf::make_error(caf::sec::invalid_argument, "too many elements");
    elements_left -= n;
    x.all.clear();
    for (std::size_t i = 0; i < n; ++i) {
      typename detail::element<typename Container::value_type>::type one;
      if (auto err = f(one))
        return err;
      x.all.insert(x.all.end(), std::move(one));
    }
    return f.end_sequence();
  }
}

} // namespace vigie
