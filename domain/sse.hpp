#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigie {

/// Framing of CONTRACT.md, "Events (SSE)" (WHATWG HTML, 9.2). Pure functions.

/// One fact: `id:` and the JSON; every line of it gets its own `data:`.
std::string sse_frame(int64_t seq, std::string_view data);

/// What every stream begins with: `retry:` and a priming id without data.
std::string sse_hello(int64_t seq);

std::string_view sse_keepalive();

/// The last words of a stream: come back in 1 to 10 s, each at a time of its
/// own (`draw` in [0, 1)), so that not all are there in one second.
std::string sse_farewell(double draw);

/// The log no longer reaches back: load `url` again.
std::string sse_reset(std::string_view url);

/// A Last-Event-ID: digits only, else nothing.
std::optional<int64_t> parse_event_id(std::string_view text);

} // namespace vigie
