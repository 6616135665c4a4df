#pragma once

#include "domain/gate_words.hpp"

#include <optional>
#include <string>

namespace vigie {

/// A gate's memory as the JSON of gemini_gates, and back.
std::string gate_json(const gate_memory& m);
/// Nothing when the text is not ours: the gate then starts afresh.
std::optional<gate_memory> read_gate(const std::string& text);

} // namespace vigie
