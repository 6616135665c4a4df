#pragma once

#include "config/settings.hpp"

#include <optional>
#include <string>

namespace vigie {

/// Sets one option from its text, as environment and flags carry it.
/// Answers why not, when it cannot.
std::optional<std::string> set_text(settings& s, const std::string& key,
                                    const std::string& value);

/// Reads a TOML file; paths in it are relative to its folder. An unknown key
/// is a problem.
std::optional<problem> read_file(const std::filesystem::path& file,
                                 settings& s);

/// The rows of section `gemini`; answers what is wrong, if anything.
std::optional<std::string> set_gemini(settings& s, const std::string& key,
                                      const std::string& value);

} // namespace vigie
