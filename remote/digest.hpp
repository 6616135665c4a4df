#pragma once

#include "remote/openssl_ptr.hpp"

#include <filesystem>
#include <string>

namespace vigie {

/// SHA-256, in lower-case hex, of what is fed between begin and end.
digest_ptr begin_digest();
std::string end_digest(EVP_MD_CTX* digest);
/// Of a whole file; of what could be read of it.
std::string digest_of(const std::filesystem::path& path);
bool is_sha256(const std::string& name);

} // namespace vigie
