#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace vigie {

/// POSIX file work that answers errno (0: good) instead of throwing.

int write_all(int fd, std::string_view bytes);
int sync_dir(const std::filesystem::path& dir);

/// Writes beside, fsyncs, renames, fsyncs the directory: all or nothing.
int write_durably(const std::filesystem::path& to, std::string_view bytes);

/// `{batch}/{base name}` whatever an old server wrote before it; nothing for a
/// file that was purged.
std::string relative_path(const std::string& batch, const std::string& stored);

bool is_full(int error); ///< ENOSPC or EDQUOT

} // namespace vigie
