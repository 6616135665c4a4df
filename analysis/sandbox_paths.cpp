#include "analysis/sandbox_parts.hpp"
#include "analysis/tool_box.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace vigie::sandbox {

namespace {

// The kernel is often newer than the headers of a distribution.
struct ruleset {
  uint64_t files = 0;   ///< Denied unless a rule allows it; 16 kinds so far.
  uint64_t network = 0; ///< ABI 4: TCP bind and connect.
  uint64_t scoped = 0;  ///< ABI 6: abstract sockets, signals to the outside.
};
constexpr uint64_t truncate = 1u << 14; // ABI 3
constexpr uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr uint64_t reading = read_file | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t writing =
    reading | truncate | LANDLOCK_ACCESS_FS_WRITE_FILE
    | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE
    | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG;
constexpr uint64_t starting = read_file | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr uint64_t of_a_file =
    starting | truncate | LANDLOCK_ACCESS_FS_WRITE_FILE;

/// What libraries and tools read: code, fonts, OCR data, character tables.
/// Not all of /etc: keys of services are there.
constexpr const char* system_paths[] = {"/usr",
                                        "/lib",
                                        "/lib64",
                                        "/etc/ld.so.cache",
                                        "/etc/fonts",
                                        "/etc/catdocrc",
                                        "/etc/localtime",
                                        "/etc/magic",
                                        "/var/cache/fontconfig",
                                        "/proc/cpuinfo",
                                        "/proc/meminfo",
                                        "/sys/devices/system/cpu",
                                        "/dev/zero",
                                        "/dev/urandom"};
/// The loader of the tools: the kernel starts it with them.
constexpr const char* loaders[] = {"/lib64/ld-linux-x86-64.so.2",
                                   "/lib/ld-linux-aarch64.so.1"};

uint64_t known_to(int abi) {
  auto bits = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;
  return (uint64_t{1} << bits) - 1;
}

class rules {
public:
  explicit rules(int abi) : files_(known_to(abi)) {
    ruleset all{files_, abi >= 4 ? 3u : 0u, abi >= 6 ? 3u : 0u};
    fd_ = static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0));
  }
  ~rules() { ::close(fd_); }
  rules(const rules&) = delete;
  rules& operator=(const rules&) = delete;

  /// A path that is not there needs no rule.
  bool allow(const std::filesystem::path& path, uint64_t access) {
    auto fd = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (fd < 0)
      return errno == ENOENT || errno == EACCES;
    auto good = allow_fd(fd, access);
    ::close(fd);
    return good;
  }

  bool allow_fd(int fd, uint64_t access) {
    struct stat about = {};
    if (::fstat(fd, &about) != 0)
      return errno == EBADF; // a tool that is not installed
    if (!S_ISDIR(about.st_mode))
      access &= of_a_file;
    landlock_path_beneath_attr rule{access & files_, fd};
    return ::syscall(SYS_landlock_add_rule, fd_, LANDLOCK_RULE_PATH_BENEATH,
                     &rule, 0)
           == 0;
  }

  bool enforce() { return ::syscall(SYS_landlock_restrict_self, fd_, 0) == 0; }

private:
  uint64_t files_;
  int fd_ = -1;
};

bool fill(rules& all, const sandbox_limits& limits) {
  auto each = [&](auto& paths, uint64_t access) {
    return std::all_of(std::begin(paths), std::end(paths),
                       [&](auto& p) { return all.allow(p, access); });
  };
  auto* tessdata = std::getenv("TESSDATA_PREFIX");
  auto good = each(system_paths, reading) && each(loaders, starting)
              && all.allow("/dev/null", writing)
              && (tessdata == nullptr || all.allow(tessdata, reading))
              && each(limits.readable, reading)
              && each(limits.writable, writing);
  for (std::size_t i = 0; i < tool_names.size(); ++i)
    good = good && all.allow_fd(tool_base + static_cast<int>(i), starting);
  return good;
}

} // namespace

outcome<int> limit_paths(const sandbox_limits& limits) {
  if (limits.readable.empty() && limits.writable.empty())
    return 0;
  auto abi = static_cast<int>(::syscall(SYS_landlock_create_ruleset, nullptr, 0,
                                        LANDLOCK_CREATE_RULESET_VERSION));
  if (abi < 1)
    return 0; // an old kernel, or Landlock is not among its modules
  rules all{abi};
  if (!fill(all, limits))
    return cannot("name the paths");
  if (!all.enforce())
    return cannot("limit the paths");
  return abi;
}

} // namespace vigie::sandbox
