#pragma once

#include "config/settings.hpp"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace vigie {

/// Environment name -> key of the table (CONTRACT.md, Settings).
struct variable {
  const char* name;
  const char* key;
};

/// Flag -> key of the table.
struct flag_row {
  const char* name;
  const char* key;
  const char* value; ///< What stands after it, in the help.
  const char* help;
};

std::span<const variable> variables();
std::span<const flag_row> flags();

/// What is being put together, source by source; later ones win.
struct settings_reading {
  settings values;
  std::map<std::string, std::string> origins; ///< By key; absent: default.
  std::vector<std::string> faults; ///< Sentences; each names its input.
};

/// Sets one option from its text; `named` is what a fault begins with.
void set_text(settings_reading& r, const std::string& key,
              const std::string& value, const std::string& named,
              const std::string& origin);

/// Reads a TOML file; paths in it are relative to its folder.
void read_file(const std::filesystem::path& file, settings_reading& r);

/// The one of `known` that `text` is likely meant to be, as
/// `; did you mean X?`; empty when none is near.
std::string suggestion(const std::string& text,
                       const std::vector<std::string>& known);

} // namespace vigie
