#pragma once

#include "domain/outcome.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace vigie {

/// An open file descriptor, closed with its owner. Move-only.
class open_file {
public:
  explicit open_file(int fd = -1) : fd_(fd) {}
  open_file(open_file&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  open_file& operator=(open_file&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~open_file();
  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  /// To read; a link at the end of `path` is not followed.
  static open_file read(const std::filesystem::path& path);
  /// To write; `path` must not exist.
  static open_file create(const std::filesystem::path& path, unsigned mode);

private:
  int fd_;
};

struct hashed {
  std::string sha256; ///< Lower-case hex.
  uint64_t size = 0;
};

/// Reads `from` to its end, writes the same to `to` (-1: nowhere), and says
/// what the bytes were.
outcome<hashed> copy_hashed(int from, int to);

} // namespace vigie
