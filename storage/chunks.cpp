#include "storage/chunks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace vigie {

namespace {

namespace fs = std::filesystem;

/// `{batch}/{name}`: nothing else is evidence.
bool below(const fs::path& path) {
  auto parts = 0;
  for (auto& part : path) {
    if (part == ".." || part == "." || part == "/")
      return false;
    ++parts;
  }
  return parts == 2;
}

class disk_chunks : public chunk_source {
public:
  explicit disk_chunks(fs::path root) : root_(std::move(root)) {}
  ~disk_chunks() override { close(); }

  outcome<std::string> read(const std::string& stored_path, uint64_t offset,
                            std::size_t most) override {
    if (!open(stored_path, offset))
      return problem{code::no_such_file, "The file is not there"};
    std::string bytes(most, '\0');
    std::size_t got = 0;
    while (got < most) {
      auto n = ::pread(fd_, bytes.data() + got, most - got,
                       static_cast<off_t>(offset + got));
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return problem{code::storage_down, "The file cannot be read"};
      if (n == 0)
        break;
      got += static_cast<std::size_t>(n);
    }
    bytes.resize(got);
    if (got < most) // its end: it may be deleted or replaced from now on
      close();
    return bytes;
  }

private:
  bool open(const std::string& stored_path, uint64_t offset) {
    if (fd_ >= 0 && stored_path == open_ && offset > 0)
      return true;
    close(); // at the beginning: it may have been replaced
    if (!below(stored_path))
      return false;
    // Step by step: no link leads out, whichever part of the path it is.
    fs::path path{stored_path};
    auto folder = ::open((root_ / path.parent_path()).c_str(),
                         O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder < 0)
      return false;
    fd_ = ::openat(folder, path.filename().c_str(),
                   O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ::close(folder);
    open_ = stored_path;
    return fd_ >= 0;
  }

  void close() {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = -1;
  }

  fs::path root_;
  std::string open_;
  int fd_ = -1;
};

} // namespace

std::shared_ptr<chunk_source> make_chunk_source(fs::path root) {
  return std::make_shared<disk_chunks>(std::move(root));
}

} // namespace vigie
