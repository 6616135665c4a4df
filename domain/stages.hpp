#pragma once

#include "domain/batch.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace vigie {

/// One row per event code of CONTRACT.md: what is said, and how far it is.
struct event_row {
  std::string_view code;
  std::string_view label; ///< Short French sentence.
  event_kind kind;
  std::optional<int> progress; ///< Absent: computed, or not said.
};

/// The whole table.
std::span<const event_row> event_rows();

/// The row of `code`; REQUIRES: it is in the table.
const event_row& event_info(std::string_view code);

/// A draft with the table's label, kind and progress.
event_draft draft(std::string_view code, utc_time at, facts details = {});

/// Progress within [from, to] when `done` of `total` steps are done.
constexpr int between(int from, int to, std::size_t done, std::size_t total) {
  return total == 0
             ? to
             : from
                   + static_cast<int>(
                       (static_cast<std::size_t>(to - from) * done) / total);
}

} // namespace vigie
