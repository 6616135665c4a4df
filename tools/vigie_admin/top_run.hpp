#pragma once

#include "domain/admin.hpp"
#include "tools/vigie_admin/options.hpp"

#include <functional>

namespace vigie {

/// One picture, or why there is none. Called by a thread of its own, one call
/// at a time; may block.
using picture_source = std::function<outcome<admin_answer>()>;

/// Draws on the terminal until `q`, a signal, or the terminal is gone, and
/// leaves it as it was. Answers the exit code. SIGINT, SIGTERM, SIGHUP and
/// SIGWINCH must be blocked in all threads.
int run_top(const admin_options& o, picture_source source);

} // namespace vigie
