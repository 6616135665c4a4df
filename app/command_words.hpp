#pragma once

#include "domain/outcome.hpp"

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace vigie {

/// A sub-command as it was typed.
struct command_words {
  std::vector<std::string> words;           ///< Without dashes, in order.
  std::set<std::string> switches;           ///< Given; `--json`.
  std::map<std::string, std::string> flags; ///< Its own ones; `--role` reader.
  std::vector<std::string> settings;        ///< All other flags, with values.

  bool has(const std::string& name) const { return switches.contains(name); }
  /// Empty when it was not given.
  std::string flag(const std::string& name) const;
};

/// `switches` take no value, `flags` and settings one. `--help` is a switch of
/// every command. A problem: a value is missing.
outcome<command_words> read_words(std::span<const std::string> args,
                                  const std::set<std::string>& switches,
                                  const std::set<std::string>& flags);

} // namespace vigie
