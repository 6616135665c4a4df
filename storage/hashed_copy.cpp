#include "storage/hashed_copy.hpp"

#include "domain/hex.hpp"
#include "storage/files.hpp"

#include <openssl/evp.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace vigie {

open_file::~open_file() {
  if (fd_ >= 0)
    ::close(fd_);
}

open_file open_file::read(const std::filesystem::path& path) {
  return open_file{
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
}

open_file open_file::create(const std::filesystem::path& path, unsigned mode) {
  return open_file{
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
}

outcome<hashed> copy_hashed(int from, int to) {
  auto failed = [](int error) {
    return problem{is_full(error) ? code::disk_full : code::storage_down,
                   std::strerror(error)};
  };
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> digest{EVP_MD_CTX_new(),
                                                            &EVP_MD_CTX_free};
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  std::vector<char> block(std::size_t{1} << 18);
  hashed all;
  for (;;) {
    auto n = ::read(from, block.data(), block.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return failed(errno);
    if (n == 0)
      break;
    auto bytes = std::string_view{block.data(), static_cast<std::size_t>(n)};
    EVP_DigestUpdate(digest.get(), bytes.data(), bytes.size());
    if (auto error = to < 0 ? 0 : write_all(to, bytes))
      return failed(error);
    all.size += bytes.size();
  }
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  EVP_DigestFinal_ex(digest.get(), sum, &n);
  all.sha256 = hex(sum, n);
  return all;
}

} // namespace vigie
