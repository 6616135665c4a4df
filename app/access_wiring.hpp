#pragma once

#include "config/settings.hpp"
#include "domain/access.hpp"
#include "http/access.hpp"

#include <optional>

namespace vigie {

access_rules access_from(const settings& cfg);

/// Why the server must not start: others could connect, and nobody would ask
/// them who they are (or nobody could answer).
std::optional<problem> too_open(const settings& cfg, bool usable_token);

/// True when a token of the database is worth something now.
bool usable_token(const settings& cfg);

} // namespace vigie
