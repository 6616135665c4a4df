#pragma once

#include "tools/vigie_admin/ink.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// What others named, safe on a terminal: no control characters, nothing that
/// turns the direction of writing, no broken UTF-8. A `?` for each.
std::string printable(std::string_view text);

/// Characters of a printable text; near enough for columns.
std::size_t columns(std::string_view text);

/// At most `most` columns; an ellipsis says that there was more.
std::string shortened(const std::string& text, std::size_t most);

/// Columns as wide as their widest cell, two blanks apart, the last one free.
/// The first row is the head. Cells are made printable. `inks`: of the rows,
/// plain where there is none.
std::string table(std::vector<std::vector<std::string>> rows,
                  const std::vector<ink>& inks = {}, bool colour = false);

} // namespace vigie
