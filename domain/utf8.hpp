#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vigie {

/// Length of the UTF-8 sequence (RFC 3629) that starts at `at`; 0 when it is
/// none. REQUIRES: at < s.size().
std::size_t utf8_sequence(std::string_view s, std::size_t at);

/// One line of at most `most` bytes: what is no UTF-8, and control characters
/// (C0, DEL, C1), are left out. For texts of a peer that may be hostile.
std::string plain_line(std::string_view s, std::size_t most);

} // namespace vigie
