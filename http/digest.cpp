#include "http/digest.hpp"

#include "domain/hex.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <fstream>

namespace vigie {

std::string sha256_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  auto* ctx = EVP_MD_CTX_new();
  EVP_DigestInit_ex(ctx, EVP_sha256(), nullptr);
  char buffer[64 * 1024];
  while (in.read(buffer, sizeof buffer), in.gcount() > 0)
    EVP_DigestUpdate(ctx, buffer, static_cast<std::size_t>(in.gcount()));
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  EVP_DigestFinal_ex(ctx, sum, &n);
  EVP_MD_CTX_free(ctx);
  return hex(sum, n);
}

std::string sha256_of_bytes(std::string_view bytes) {
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  EVP_Digest(bytes.data(), bytes.size(), sum, &n, EVP_sha256(), nullptr);
  return hex(sum, n);
}

std::string random_uuid() {
  unsigned char b[16];
  RAND_bytes(b, sizeof b);
  b[6] = static_cast<unsigned char>((b[6] & 0x0F) | 0x40); // RFC 9562, v4
  b[8] = static_cast<unsigned char>((b[8] & 0x3F) | 0x80);
  auto out = hex(b, sizeof b);
  for (auto at : {20u, 16u, 12u, 8u})
    out.insert(at, 1, '-');
  return out;
}

} // namespace vigie
