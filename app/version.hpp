#pragma once

namespace vigie {

/// Server and workers must carry the same one to work together.
inline constexpr const char* version = "0.1.0";

} // namespace vigie
