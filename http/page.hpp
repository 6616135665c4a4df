#pragma once

#include "http/router.hpp"

namespace vigie {

/// `/` and its script and style (http/assets, built into the program). The
/// policy allows nothing from elsewhere and no script in the page.
void add_page(router& r);

} // namespace vigie
