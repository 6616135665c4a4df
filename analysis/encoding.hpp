#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vigie {

struct decoded_text {
  std::string utf8;
  std::string encoding; ///< UTF-8, UTF-16LE, UTF-16BE, windows-1252
};

/// Text of a note or a log: by its BOM, else valid UTF-8, else UTF-16 when
/// every other byte is zero, else Windows-1252 (a superset of Latin-1).
/// Nothing when the bytes are no text (control characters, NULs).
std::optional<decoded_text> decode_text(std::string_view bytes);

/// Strictly RFC 3629: no surrogates, no overlong forms.
bool valid_utf8(std::string_view bytes);

/// `bytes` without the UTF-8 character that was cut at their end, if any.
std::string_view whole_characters(std::string_view bytes);

/// UTF-8 from a program that was asked for it: a cut end is dropped, control
/// characters (bullets of odd PDF fonts) become spaces.
std::string clean_utf8(std::string_view bytes);

} // namespace vigie
