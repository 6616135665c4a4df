#pragma once

#include "domain/outcome.hpp"

#include <filesystem>
#include <string>

namespace vigie {

/// Every token ever added, as a table or as JSON.
outcome<std::string> token_list(const std::filesystem::path& database,
                                bool as_json);

} // namespace vigie
