#pragma once

#include "domain/outcome.hpp"
#include "remote/unique_fd.hpp"

#include <filesystem>
#include <string>

namespace vigie {

/// Replaces `path` as a whole, durably (new file, fsync, rename, fsync of the
/// folder), readable by its owner only. A problem names the file.
outcome<done> write_private(const std::filesystem::path& path,
                            const std::string& text);

/// The text of a small file; longer than 1 MiB is a problem, and so is none.
outcome<std::string> read_small(const std::filesystem::path& path);

/// Makes the folder of the worker network's secrets: for its owner only.
outcome<done> private_folder(const std::filesystem::path& dir);

/// Held while the folder is changed: a server that starts and `vigied cert`
/// are two processes. Released by the kernel when its owner dies.
outcome<unique_fd> lock_private(const std::filesystem::path& dir);

} // namespace vigie
