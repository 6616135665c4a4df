#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace vigie {

/// SHA-256 of a file's bytes, 64 hex digits; of nothing when unreadable.
std::string sha256_of(const std::filesystem::path& path);

std::string sha256_of_bytes(std::string_view bytes);

/// A random UUID (RFC 9562, version 4).
std::string random_uuid();

} // namespace vigie
