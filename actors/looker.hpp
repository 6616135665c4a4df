#pragma once

#include "actors/census.hpp"
#include "actors/protocol.hpp"

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace vigie {

struct look_rules {
  std::size_t rows = most_actors;        ///< The busiest.
  std::chrono::milliseconds sample{500}; ///< What is done in it is the rate.
  /// Who has not answered by then is shown as such.
  std::chrono::milliseconds deadline{1'000};
  std::string kind, batch; ///< Only of these; empty: of all.

  bool wants(const meter_tag& who) const;
};

struct looker_state {
  using promise = caf::typed_response_promise<sheet_ptr>;

  looker_actor::pointer self = nullptr;
  look_rules rules;
  promise told;
  caf::actor_clock::time_point begun;
  std::unordered_map<uint64_t, uint64_t> handled; ///< At first, by id.
  std::set<uint64_t> shown;

  void begin(promise to);
  void look_again();
  std::vector<meter_reading> readings() const;
  actor_sheet sheet(std::vector<meter_reading> now) const;

  static inline const char* name = "looker";
};

/// LOOKER: reads the census twice, asks each actor that it will show in
/// between, answers and is gone. Nothing is measured for it at other times.
looker_actor::behavior_type
looker(looker_actor::stateful_pointer<looker_state> self, look_rules rules);

} // namespace vigie
