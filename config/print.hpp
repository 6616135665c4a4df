#pragma once

#include <string>

namespace vigie {

struct settings_reading;

/// The effective settings as TOML that read_file() takes, with the origin of
/// each as a comment. Secrets are commented out and masked.
std::string printed(const settings_reading& r);

/// The flags of vigied with their environment names, a line each.
std::string flags_help();

} // namespace vigie
