#pragma once

#include "domain/outcome.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// One command of the tool. The table is what --help, the check of the command
/// line and the completion of a shell are made from.
struct command_form {
  std::vector<std::string> begins;
  std::vector<std::string> values; ///< Words after that, by name.
  std::vector<std::string> flags;  ///< Of this command, all with a value.
  std::string help;
  std::size_t most = 0; ///< Of --limit.

  std::string form() const; ///< `drain NODE`
};

const std::vector<command_form>& commands();

/// Null: no command of these words; `why` says what is wrong then.
const command_form* command_of(const std::vector<std::string>& words,
                               problem& why);

/// For `--help`.
std::string admin_usage();

/// What bash sources: `vigie-admin completion bash`.
std::string bash_completion();

} // namespace vigie
