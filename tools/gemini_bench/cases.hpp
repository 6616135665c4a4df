#pragma once

namespace vigie::bench {

/// Runs every case over the three kinds of window and `seeds` seeds; prints
/// one line each. Answers whether every goal was reached.
bool print_all(int seeds);

} // namespace vigie::bench
