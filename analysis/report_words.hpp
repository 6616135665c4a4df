#pragma once

#include "analysis/report_canvas.hpp"
#include "domain/batch.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace vigie {

/// Text of strangers made fit to print: valid UTF-8, no control characters
/// but the line end, at most `most` characters (then `…`).
std::string printable(std::string_view text, std::size_t most = 400);

/// Without empty lines and the spaces around each line.
std::string without_gaps(std::string_view text);

/// The colour of a severity.
color paint_of(severity s);

} // namespace vigie
