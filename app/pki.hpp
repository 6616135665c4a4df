#pragma once

#include "domain/outcome.hpp"

#include <filesystem>
#include <string>

namespace vigie {

/// Files of one party: its certificate, its key, and the CA that both sides
/// ask for. Readable by the owner only.
struct identity {
  std::filesystem::path certificate, key, ca;
};

/// Makes, at first start, a CA of our own below `dir` that signs nothing else
/// (CAF checks neither host names nor revocation), and an identity `name`
/// signed by it. Later calls give the same files. EC P-256, ten years.
outcome<identity> provide_identity(const std::filesystem::path& dir,
                                   const std::string& name);

} // namespace vigie
