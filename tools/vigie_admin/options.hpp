#pragma once

#include "domain/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace vigie {

/// The command line of vigie-admin (see `vigie-admin --help`).
struct admin_options {
  std::string host;
  uint16_t port = 0;
  std::filesystem::path bundle; ///< Of role `admin`.
  bool json = false, help = false, version = false;
  std::vector<std::string> words; ///< The command and what it is about.
  std::map<std::string, std::string> wishes; ///< By flag, without its dashes.
  std::chrono::milliseconds interval{1'000};

  /// A sentence that names what is wrong, else; unless help or the version is
  /// asked for, all that a command needs is there.
  static outcome<admin_options> parse(const std::vector<std::string>& args);

  /// What the server is told beside the command.
  std::vector<std::string> args() const;
};

} // namespace vigie
