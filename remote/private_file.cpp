#include "remote/private_file.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = 1u << 20;

problem cannot(const char* what, const fs::path& path) {
  return {code::internal, path.filename().string() + ": cannot be " + what
                              + ": " + std::strerror(errno)};
}

bool write_all(int fd, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    auto n = ::write(fd, text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    at += static_cast<std::size_t>(n);
  }
  return ::fsync(fd) == 0;
}

} // namespace

outcome<done> write_private(const fs::path& path, const std::string& text) {
  // Of one process only: two that write the same file do not mix.
  auto temp = path;
  temp += ".new" + std::to_string(::getpid());
  ::unlink(temp.c_str()); // what a killed writer left may have another mode
  unique_fd fd{
      ::open(temp.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (!fd)
    return cannot("written", path);
  if (!write_all(fd.get(), text) || ::rename(temp.c_str(), path.c_str()) != 0) {
    auto why = cannot("written", path);
    ::unlink(temp.c_str());
    return why;
  }
  auto dir = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  unique_fd folder{::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!folder || ::fsync(folder.get()) != 0)
    return cannot("made durable", path);
  return done{};
}

outcome<std::string> read_small(const fs::path& path) {
  unique_fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!fd)
    return cannot("read", path);
  std::string text;
  char part[16'384];
  for (;;) {
    auto n = ::read(fd.get(), part, sizeof part);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return cannot("read", path);
    if (n == 0)
      return text;
    text.append(part, static_cast<std::size_t>(n));
    if (text.size() > most_bytes)
      return problem{code::internal,
                     path.filename().string() + ": too long to be ours"};
  }
}

outcome<done> private_folder(const fs::path& dir) {
  std::error_code failed;
  fs::create_directories(dir, failed);
  if (!failed)
    fs::permissions(dir, fs::perms::owner_all, failed);
  if (failed)
    return problem{code::internal,
                   dir.filename().string()
                       + ": cannot be made private: " + failed.message()};
  return done{};
}

outcome<unique_fd> lock_private(const fs::path& dir) {
  auto made = private_folder(dir);
  if (!made)
    return made.why();
  auto path = dir / ".lock";
  unique_fd fd{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (!fd || ::flock(fd.get(), LOCK_EX) != 0)
    return cannot("locked", path);
  return fd;
}

} // namespace vigie
