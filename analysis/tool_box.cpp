#include "analysis/tool_box.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace vigie {

namespace {

constexpr std::array directories{"/usr/bin/", "/bin/"};
constexpr std::size_t page = 4096;

// Both are facts of the process, as descriptors and mappings are.
bool tools_are_pinned = false;
bool path_is_pinned = false;

} // namespace

int open_program(const std::string& name) {
  if (name.find('/') != name.npos)
    return -1;
  for (auto* directory : directories) {
    auto fd = ::open((directory + name).c_str(), O_PATH | O_CLOEXEC);
    struct stat about = {};
    if (fd >= 0 && ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode)
        && (about.st_mode & S_IXOTH) != 0)
      return fd;
    if (fd >= 0)
      ::close(fd);
  }
  return -1;
}

bool pin_tools() {
  for (std::size_t i = 0; i < tool_names.size(); ++i) {
    auto number = tool_base + static_cast<int>(i);
    ::close(number); // nothing of the caller's may be mistaken for a tool
    auto fd = open_program(tool_names[i]);
    if (fd < 0)
      continue;
    auto put = fd == number || ::dup3(fd, number, O_CLOEXEC) == number;
    auto why = errno;
    if (fd != number)
      ::close(fd);
    errno = why;
    if (!put)
      return false;
  }
  return tools_are_pinned = true;
}

program::program(const std::string& name) {
  if (!tools_are_pinned) {
    fd_ = open_program(name);
    ours_ = fd_ >= 0;
    return;
  }
  auto at = std::find(tool_names.begin(), tool_names.end(), name);
  auto number = tool_base + static_cast<int>(at - tool_names.begin());
  if (at != tool_names.end() && ::fcntl(number, F_GETFD) >= 0)
    fd_ = number;
}

program::~program() {
  if (ours_)
    ::close(fd_);
}

const char* empty_path() {
  return path_is_pinned ? reinterpret_cast<const char*>(empty_path_page) : "";
}

bool pin_empty_path() {
  // Shared and opened for reading: neither mprotect nor /proc/self/mem makes
  // such a mapping writable, as both do with a private one.
  auto zeros = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  if (zeros < 0)
    return false;
  auto* wanted = reinterpret_cast<void*>(empty_path_page);
  auto* got = ::mmap(wanted, page, PROT_READ, MAP_SHARED | MAP_FIXED_NOREPLACE,
                     zeros, 0);
  auto why = errno;
  ::close(zeros);
  errno = why;
  return path_is_pinned = got == wanted;
}

} // namespace vigie
