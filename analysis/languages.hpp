#pragma once

#include <set>
#include <string>

namespace vigie {

/// Tesseract's language packs on this machine: `eng`, `fra`, … Looks for
/// files: the engine itself would load megabytes to tell.
std::set<std::string> installed_languages();

} // namespace vigie
