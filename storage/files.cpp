#include "storage/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>

namespace vigie {

namespace {

constexpr const char* mark = "user.vigie.uncommitted";
constexpr const char* mark_file = ".uncommitted";

} // namespace

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

int sync_dir(const std::filesystem::path& dir) {
  auto fd = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return errno;
  auto error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  return error;
}

int write_whole(const std::filesystem::path& to, std::string_view bytes) {
  auto beside = to;
  beside += ".new";
  auto fd =
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0)
    return errno;
  auto error = write_all(fd, bytes);
  if (error == 0 && ::fsync(fd) != 0)
    error = errno;
  if (::close(fd) != 0 && error == 0)
    error = errno;
  if (error == 0 && ::rename(beside.c_str(), to.c_str()) != 0)
    error = errno;
  if (error != 0)
    ::unlink(beside.c_str());
  return error;
}

int write_durably(const std::filesystem::path& to, std::string_view bytes) {
  auto error = write_whole(to, bytes);
  return error != 0 ? error : sync_dir(to.parent_path());
}

int make_marked_dir(const std::filesystem::path& dir) {
  return ::mkdir(dir.c_str(), 0777) == 0 ? set_mark(dir) : errno;
}

int set_mark(const std::filesystem::path& dir) {
  if (::setxattr(dir.c_str(), mark, "", 0, 0) == 0)
    return 0;
  if (errno != ENOTSUP && errno != EPERM)
    return errno;
  auto fd = ::open((dir / mark_file).c_str(),
                   O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd < 0)
    return errno;
  ::close(fd);
  return 0;
}

void clear_mark(const std::filesystem::path& dir) {
  ::removexattr(dir.c_str(), mark);
  ::unlink((dir / mark_file).c_str());
}

bool has_mark(const std::filesystem::path& dir) {
  std::error_code absent;
  return ::lgetxattr(dir.c_str(), mark, nullptr, 0) >= 0
         || std::filesystem::exists(dir / mark_file, absent);
}

std::string relative_path(const std::string& batch, const std::string& stored) {
  if (stored.empty())
    return {};
  auto slash = stored.rfind('/');
  return batch + "/"
         + (slash == stored.npos ? stored : stored.substr(slash + 1));
}

bool is_full(int error) { return error == ENOSPC || error == EDQUOT; }

} // namespace vigie
