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
    if (n > x.most)
      return caf::make_error(caf::sec::invalid_argument, "too many elements");
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
