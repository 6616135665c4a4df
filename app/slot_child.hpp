#pragma once

namespace vigie {

/// Descriptors of a slot's process, given by its node.
inline constexpr int slot_in = 3, slot_out = 4;

/// The whole life of a slot's process: reads its setup, enters the sandbox,
/// then takes jobs until the pipe ends. Answers the exit code.
int slot_main();

} // namespace vigie
