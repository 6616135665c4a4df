#pragma once

#include "config/settings.hpp"

#include <span>
#include <string>

namespace vigie {

/// `vigied token ...`: adds, lists and revokes API tokens, beside a running
/// server or before the first one. `args` is what follows `token`. Answers the
/// exit code: 0, or 2 after a sentence on standard error.
int token_command(std::span<const std::string> args, const environment& env);

} // namespace vigie
