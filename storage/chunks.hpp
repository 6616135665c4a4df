#pragma once

#include "domain/ports.hpp"

#include <filesystem>
#include <memory>

namespace vigie {

/// Pieces of the evidence below `root`. Holds the file that was asked for last
/// open: pieces come in order.
std::shared_ptr<chunk_source> make_chunk_source(std::filesystem::path root);

} // namespace vigie
