#pragma once

#include "metrics/families.hpp"

namespace vigie {

/// This process, by the names that every exporter uses (`process_…`), from
/// /proc. What cannot be read is left out.
void add_process(family_list& to);

} // namespace vigie
