#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace vigie::sim {

/// A canned analysis, drawn from the request: the same request gets the same
/// answer. Every text in it begins with `[simulation]`. An image shows
/// `findings` of them, or 0 to 2 as drawn.
std::string good_body(const std::string& request, const std::string& model,
                      std::optional<int> findings);

/// `blocked`, `truncated`, `empty`, `malformed`, `bad-key`, `no-model`,
/// `bad-image`, `internal`; empty for a name that is none of them.
struct oddity {
  int http = 200;
  std::string body;
};
oddity odd_reply(const std::string& what, const std::string& model);

/// Input tokens as the API would count them: 1,120 an image, four bytes a
/// token of text.
double tokens_of(const std::string& request);

uint64_t fnv1a(const std::string& bytes);

} // namespace vigie::sim
