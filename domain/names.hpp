#pragma once

#include <set>
#include <string>
#include <string_view>

namespace vigie {

/// CONTRACT.md, POST, 5: 1-128 of [A-Za-z0-9._-], not starting with a dot.
bool valid_batch_id(std::string_view text);

/// CONTRACT.md, POST, 4: base name, no control characters or leading dots,
/// valid UTF-8, at most 255 bytes; empty becomes `file`.
std::string clean_filename(std::string_view raw);

/// `n.txt`, then `n (2).txt`: a name that `taken` does not hold; adds it.
/// Comparison ignores ASCII case, so no file system lets two names collide.
std::string unique_filename(const std::string& name,
                            std::set<std::string>& taken);

/// True for types the analysis takes (CONTRACT.md, POST, 2).
bool accepted_content_type(std::string_view type);

/// Reserved ids that would collide with folders of the storage root, or be
/// taken for files of the database there.
bool reserved_batch_id(std::string_view text);
/// SQLite takes what is called as `file` and more (`…-journal`, `…-wal`) for
/// its own; some file systems know no case.
bool named_after(std::string_view text, std::string_view file);

} // namespace vigie
