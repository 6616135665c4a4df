// Apart from the rest of metadata.hpp, which needs OpenCV.

#include "analysis/metadata.hpp"

#include "analysis/failure.hpp"
#include "domain/hex.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>

namespace vigie {

std::string sha256_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> ctx{EVP_MD_CTX_new(),
                                                         EVP_MD_CTX_free};
  if (!in || !ctx || EVP_DigestInit_ex(ctx.get(), EVP_sha256(), nullptr) != 1)
    throw analysis_failure{"file-unreadable"};
  std::array<char, 256 * 1024> buffer;
  while (in.read(buffer.data(), buffer.size()), in.gcount() > 0)
    EVP_DigestUpdate(ctx.get(), buffer.data(),
                     static_cast<std::size_t>(in.gcount()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned n = 0;
  EVP_DigestFinal_ex(ctx.get(), digest.data(), &n);
  return hex(digest.data(), n);
}

} // namespace vigie
