#pragma once

#include "domain/admin.hpp"

#include <string>
#include <vector>

namespace vigie {

/// The answer to these words of the command line, for people: a table, or a
/// sentence.
std::string as_text(const std::vector<std::string>& words,
                    const admin_answer& told, bool colour = false);

/// The same for programs: one JSON object, whole and unshortened.
std::string as_json(const std::vector<std::string>& words,
                    const admin_answer& told);

} // namespace vigie
