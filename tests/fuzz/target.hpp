#pragma once
// What every target of tests/fuzz stands on: libFuzzer calls it, or replay.cpp.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n);

namespace vigie::fuzz {

inline std::string_view text_of(const uint8_t* data, std::size_t n) {
  return {reinterpret_cast<const char*>(data), n};
}

/// A rule that holds for every input.
inline void hold(bool fact, const char* rule) {
  if (fact)
    return;
  std::fprintf(stderr, "broken: %s\n", rule);
  std::abort();
}

} // namespace vigie::fuzz
