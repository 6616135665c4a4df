#pragma once

#include "actors/gate.hpp"

#include <functional>

namespace vigie {

struct gate_keeper_args {
  gate_args gate;
  /// Shows a new GATE to the world; why it could not.
  std::function<std::optional<problem>(const gate_actor&)> publish;
  std::chrono::milliseconds pause{200}; ///< Before the next one.
};

/// GATE_KEEPER: a GATE that has ended, whatever ended it, is followed by a new
/// one; nodes lose their connection and join that. Answers nothing, so that a
/// loop of failures shows in the log, five a second at most. Its end is that
/// of its GATE.
caf::behavior gate_keeper(caf::event_based_actor* self, gate_keeper_args args);

} // namespace vigie
