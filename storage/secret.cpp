#include "storage/secret.hpp"

#include "domain/hex.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace vigie {

std::string new_secret(const std::string& prefix) {
  unsigned char bytes[32];
  if (RAND_bytes(bytes, sizeof bytes) != 1)
    throw std::runtime_error{"no random bytes"};
  return prefix + hex(bytes, sizeof bytes);
}

std::string hash_of_secret(const std::string& secret) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  if (EVP_Digest(secret.data(), secret.size(), digest, &n, EVP_sha256(),
                 nullptr)
      != 1)
    throw std::runtime_error{"no SHA-256"};
  return hex(digest, n);
}

} // namespace vigie
