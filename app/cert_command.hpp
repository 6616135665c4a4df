#pragma once

#include "config/settings.hpp"

#include <span>
#include <string>

namespace vigie {

/// `vigied cert ...`: issues, lists and revokes who may join the worker
/// network, beside a running server. `args` is what follows `cert`. Answers
/// the exit code: 0, or 2 after a sentence on standard error.
int cert_command(std::span<const std::string> args, const environment& env);

} // namespace vigie
