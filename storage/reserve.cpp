#include "storage/reserve.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace vigie {

reserve::reserve(std::filesystem::path file) : file_(std::move(file)) {
  make();
}

void reserve::make() {
  if (held_)
    return;
  auto fd =
      ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return;
  held_ = ::posix_fallocate(fd, 0, reserve_bytes) == 0;
  ::close(fd);
  if (!held_) {
    std::error_code ignored; // half of it helps nobody
    std::filesystem::remove(file_, ignored);
  }
}

bool reserve::release() {
  std::error_code failed;
  return std::exchange(held_, false) && std::filesystem::remove(file_, failed);
}

} // namespace vigie
