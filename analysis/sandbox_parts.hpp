#pragma once

#include "analysis/sandbox.hpp"

#include <string>

/// The steps of enter_sandbox, one file each. Not for others.
namespace vigie::sandbox {

/// `what` and the words of errno.
problem cannot(const std::string& what);

/// No capability in any set, none to be had from exec.
outcome<done> drop_privileges();

/// Nothing of the file system but what the tools and libraries need, the
/// tools themselves and the paths of `limits`. Answers the ABI; 0: this
/// kernel has no Landlock. REQUIRES: no_new_privs, pinned tools.
outcome<int> limit_paths(const sandbox_limits& limits);

/// The system calls of parsers and tools, and no others. REQUIRES:
/// no_new_privs, the pinned empty path.
outcome<done> load_filter();

} // namespace vigie::sandbox
