#pragma once

#include "config/settings.hpp"

#include <optional>
#include <span>
#include <string>

namespace vigie {

/// `vigied backup ...` and `vigied restore ...`. `args` are all of the
/// program's. Answers the exit code: 0; 1 when all was done and some files are
/// missing or damaged, each named on standard error; 2 when nothing was done.
/// Nothing: the words ask for something else.
std::optional<int> backup_command(std::span<const std::string> args,
                                  const environment& env);

} // namespace vigie
