#pragma once

#include "domain/outcome.hpp"
#include "remote/unique_fd.hpp"

#include <filesystem>
#include <string>

namespace vigie {

/// In a folder that a file cache may empty: who finds it there is at home.
inline constexpr auto cache_mark = ".vigie-cache";

/// Makes the folder, or takes one that is empty, has the mark, or holds
/// nothing but what a cache made; anybody else's is refused, as it is. Only a
/// folder that is made here gets its permissions from us. Answers the lock that
/// keeps other nodes out.
outcome<unique_fd> open_cache_folder(const std::filesystem::path& folder);

/// Removes what an earlier life left unfinished: by name, never a folder, never
/// what a link points to.
void sweep_cache_folder(const std::filesystem::path& folder);

/// `SHA.part` while it comes, `SHA.onceN` for one job.
bool is_unfinished(const std::string& name);

} // namespace vigie
