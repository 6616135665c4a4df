#include "http/digest.hpp"

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
  std::string out;
  for (unsigned i = 0; i < n; ++i) {
    static constexpr char digits[] = "0123456789abcdef";
    out += digits[sum[i] >> 4];
    out += digits[sum[i] & 15];
  }
  return out;
}

std::string random_uuid() {
  unsigned char b[16];
  RAND_bytes(b, sizeof b);
  b[6] = static_cast<unsigned char>((b[6] & 0x0F) | 0x40); // RFC 9562, v4
  b[8] = static_cast<unsigned char>((b[8] & 0x3F) | 0x80);
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      out += '-';
    out += digits[b[i] >> 4];
    out += digits[b[i] & 15];
  }
  return out;
}

} // namespace vigie
