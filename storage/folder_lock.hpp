#pragma once

#include "domain/outcome.hpp"

#include <filesystem>
#include <utility>

namespace vigie {

/// Keeps a second server off a storage folder: its sweep would take the first
/// one's uploads. Held by `.lock` (flock) until destroyed or killed. Move-only.
class folder_lock {
public:
  /// A problem that names storage.path when another process holds it.
  static outcome<folder_lock> take(const std::filesystem::path& folder);

  folder_lock() = default;
  folder_lock(folder_lock&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)) {}
  folder_lock& operator=(folder_lock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~folder_lock();

private:
  explicit folder_lock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

} // namespace vigie
