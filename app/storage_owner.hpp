#pragma once

#include "domain/outcome.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace vigie {

/// For commands that write in the storage folder beside the server: files that
/// root makes there would lock a server of another user out. Nothing when
/// `folder` is the caller's own, or not there yet.
std::optional<problem> foreign_owner(const std::filesystem::path& folder);

/// What is added to the answer of a command that made the storage folder: often
/// it was meant for another one.
std::string fresh_storage(const std::filesystem::path& folder);

} // namespace vigie
