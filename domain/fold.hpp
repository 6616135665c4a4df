#pragma once

#include <string>
#include <string_view>

namespace vigie {

/// Lower case without accents: ASCII and the Latin letters of French.
std::string fold(std::string_view utf8);

} // namespace vigie
