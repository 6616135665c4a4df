#pragma once

namespace vigie {

/// Server and workers must carry the same one to work together.
inline constexpr const char* version = "0.2.0";

} // namespace vigie
