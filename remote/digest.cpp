#include "remote/digest.hpp"

#include "domain/hex.hpp"

#include <fstream>

namespace vigie {

bool is_sha256(const std::string& name) {
  return name.size() == 64
         && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

digest_ptr begin_digest() {
  digest_ptr d{EVP_MD_CTX_new()};
  EVP_DigestInit_ex(d.get(), EVP_sha256(), nullptr);
  return d;
}

std::string end_digest(EVP_MD_CTX* d) {
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  EVP_DigestFinal_ex(d, sum, &n);
  return hex(sum, n);
}

std::string digest_of(const std::filesystem::path& path) {
  auto d = begin_digest();
  std::ifstream in(path, std::ios::binary);
  std::string buffer(1u << 20, '\0');
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
         in.gcount() > 0)
    EVP_DigestUpdate(d.get(), buffer.data(),
                     static_cast<std::size_t>(in.gcount()));
  return end_digest(d.get());
}

} // namespace vigie
