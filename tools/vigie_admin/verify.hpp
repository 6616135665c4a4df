#pragma once

#include "domain/admin.hpp"
#include "domain/outcome.hpp"

#include <functional>
#include <string>

namespace vigie {

/// One page from that place on.
using verify_source =
    std::function<outcome<admin_answer>(const std::string& from)>;

/// Page after page, put together. `progress`: told on standard error.
outcome<admin_answer> verify_all(const verify_source& ask, bool progress);

} // namespace vigie
