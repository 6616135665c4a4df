#pragma once

#include "domain/outcome.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace vigie {

/// A prompt file: front matter, `# system`, `# user` (config/prompts/*.md).
struct prompt {
  std::string version;
  std::string hash; ///< SHA-256 of the file's bytes, 64 hex digits.
  std::string system;
  std::string user; ///< With `{{name}}` placeholders.
};

/// Reads a prompt file; the problem names what is missing.
outcome<prompt> parse_prompt(std::string_view text, std::string hash);

/// `text` with each `{{name}}` replaced. An unknown name becomes empty.
/// Values are not looked at again: a value cannot bring a placeholder along.
std::string render(std::string_view text,
                   const std::map<std::string, std::string>& values);

/// Evidence as the model may see it: between markers that the text itself
/// cannot contain, without control characters, cut at `most` bytes.
std::string quote_as_data(std::string_view text, std::size_t most);

} // namespace vigie
