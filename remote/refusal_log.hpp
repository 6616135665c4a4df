#pragma once

#include "remote/refusal.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace vigie {

/// At most one line per address and ten seconds, however many were refused.
/// The first is told at once, with its own words; the rest are counted. Pure:
/// time is an argument. Not thread-safe.
class refusal_log {
public:
  using time = std::chrono::steady_clock::time_point;

  /// Takes a refusal; answers the line to write now, or nothing ("").
  std::string note(const std::string& address, refusal why,
                   const std::string& detail, time now);
  /// The lines that are due.
  std::vector<std::string> due(time now);

private:
  static constexpr std::chrono::seconds every{10};
  /// Beyond that many addresses the rest share one row.
  static constexpr std::size_t most_addresses = 1'024;

  struct row {
    time last;
    std::array<uint64_t, refusal_kinds> counts{};
  };

  std::map<std::string, row> rows_;
};

} // namespace vigie
