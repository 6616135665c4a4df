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

/// The mark of a folder that no committed row speaks of: an extended attribute
/// (xattr(7)) of the folder. A file would cost an inode to make and one to
/// free, and needs room on a full disk; it is the mark where the file system
/// has no attributes for users. Durable after sync_dir(dir).
int make_marked_dir(const std::filesystem::path& dir); ///< its parent exists
int set_mark(const std::filesystem::path& dir);
void clear_mark(const std::filesystem::path& dir);
bool has_mark(const std::filesystem::path& dir);

/// `{batch}/{base name}` whatever an old server wrote before it; nothing for a
/// file that was purged.
std::string relative_path(const std::string& batch, const std::string& stored);

bool is_full(int error); ///< ENOSPC or EDQUOT

} // namespace vigie
