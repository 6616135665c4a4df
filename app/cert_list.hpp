#pragma once

#include "domain/outcome.hpp"

#include <filesystem>
#include <string>

namespace vigie {

/// Everybody with a certificate: the CA, the core, the peers. A table, or a
/// JSON array.
outcome<std::string> cert_list(const std::filesystem::path& pki, bool json);

} // namespace vigie
