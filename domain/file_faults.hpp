#pragma once

#include <string_view>

namespace vigie {

/// The French sentence of a code that a stage may give for one file: why it
/// could not be analysed, or what it is warned of. Empty: no such code. What
/// clients read is this sentence, never a text of the process or the node that
/// did the work.
std::string_view fault_words(std::string_view code);

/// For whatever has no code of its own.
inline constexpr auto unknown_fault = "analysis-failed";

} // namespace vigie
