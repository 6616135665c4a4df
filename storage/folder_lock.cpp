#include "storage/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vigie {

outcome<folder_lock> folder_lock::take(const std::filesystem::path& folder) {
  auto fd =
      ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return problem{code::storage_down,
                   std::string{"storage.path: cannot be written: "}
                       + std::strerror(errno)};
  folder_lock lock{fd};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return problem{code::storage_down,
                   "storage.path: another server uses this folder"};
  return lock;
}

folder_lock::~folder_lock() {
  if (fd_ >= 0)
    ::close(fd_);
}

} // namespace vigie
