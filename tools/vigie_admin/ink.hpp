#pragma once

#include <string>

namespace vigie {

/// How a line looks where there is colour.
enum class ink { plain, head, bold, good, warn, bad, dim };

/// The line in the colours of a terminal (ECMA-48), or as it is.
std::string painted(const std::string& line, ink how, bool colour);

/// A terminal, and nobody asked for no colour (no-color.org).
bool wants_colour(int fd);

} // namespace vigie
