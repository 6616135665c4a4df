#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace vigie {

/// POSIX file work that answers errno (0: good) instead of throwing.

int write_all(int fd, std::string_view bytes);
int sync_dir(const std::filesystem::path& dir);

/// Writes beside, fsyncs, renames: all or nothing. Durable after sync_dir().
int write_whole(const std::filesystem::path& to, std::string_view bytes);
/// The same, and fsyncs the directory.
int write_durably(const std::filesystem::path& to, std::string_view bytes);

/// Marks a folder as one that no row knows yet, durably: the folder's other
/// names are durable then, too.
int leave_mark(const std::filesystem::path& dir);
inline constexpr const char* uncommitted = ".uncommitted";

/// `{batch}/{base name}` whatever an old server wrote before it; nothing for a
/// file that was purged.
std::string relative_path(const std::string& batch, const std::string& stored);

bool is_full(int error); ///< ENOSPC or EDQUOT

} // namespace vigie
