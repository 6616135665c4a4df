#pragma once

#include <iosfwd>

namespace vigie::sim {

/// One `{"http": int, "body": str}` per line in, what our classifier makes of
/// it out. Answers 0, or 1 when a line could not be read.
int explain(std::istream& in, std::ostream& out);

} // namespace vigie::sim
