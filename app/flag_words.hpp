#pragma once

#include "domain/outcome.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace vigie {

struct flag_words {
  std::string name, value;
};

/// `--name value` or `--name=value` at `i`, which is left at the last word of
/// it. A problem: the value is missing.
outcome<flag_words> flag_at(std::span<const std::string> args, std::size_t& i);

} // namespace vigie
