#pragma once

#include "domain/ports.hpp"

#include <memory>

namespace vigie {

/// Content types from the bytes of a file, by libmagic. Thread-safe: calls
/// side by side, one per processor. A DOCX is told by what its archive holds;
/// text in any encoding that we decode is `text/plain`.
std::unique_ptr<content_sniffer> make_sniffer();

} // namespace vigie
