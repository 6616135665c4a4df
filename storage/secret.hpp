#pragma once

#include <string>

namespace vigie {

/// 256 random bits in hex, after `prefix`. Throws when there are none.
std::string new_secret(const std::string& prefix);

/// How a secret is kept: its SHA-256. Nobody guesses 256 random bits, so a slow
/// hash would add nothing (ADR 12).
std::string hash_of_secret(const std::string& secret);

} // namespace vigie
