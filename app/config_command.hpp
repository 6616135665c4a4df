#pragma once

#include "config/settings.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vigie {

/// Names of the environment of this process.
std::vector<std::string> environment_names();

/// Files that come with the program, where the settings name none.
void add_shipped(settings& s);

/// `--check-config` and `--print-config`: the exit code, 0 or 2; nothing when
/// neither was asked for.
std::optional<int> config_command(std::span<const std::string> args,
                                  const environment& env);

} // namespace vigie
