#include "analysis/sandbox.hpp"

#include "analysis/sandbox_parts.hpp"
#include "analysis/tool_box.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace vigie {

namespace {

using sandbox::cannot;

/// Who could fill the address space would be given the page of the empty path
/// (tool_box.hpp) in the end. Far above what any file needs.
constexpr uint64_t most_memory = uint64_t{1} << 40;

outcome<done> check_threads() {
  std::error_code failed;
  std::filesystem::directory_iterator tasks{"/proc/self/task", failed};
  if (failed)
    return problem{code::internal, "sandbox: /proc is not readable"};
  if (std::distance(begin(tasks), end(tasks)) != 1)
    return problem{code::internal, "sandbox: there is more than one thread"};
  return done{};
}

/// 0, 1 and 2 are always open: what is opened next must not become one.
outcome<done> open_standard() {
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != fd)
      return cannot("open /dev/null");
  return done{};
}

/// The tools' numbers are above the usual soft limit of a process.
outcome<done> open_tools() {
  rlimit now{};
  constexpr rlim_t needed = tool_base + tool_names.size();
  ::getrlimit(RLIMIT_NOFILE, &now);
  if (now.rlim_cur < needed) {
    now.rlim_cur = std::min(now.rlim_max, needed);
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  if (!pin_tools())
    return cannot("pin the tools");
  if (!pin_empty_path())
    return cannot("pin the empty path");
  return done{};
}

outcome<done> close_others(const sandbox_limits& limits) {
  std::vector<int> kept{0, 1, 2};
  for (auto fd : limits.keep) {
    if (fd < 0 || static_cast<unsigned>(fd) >= limits.open_files)
      return problem{code::internal, "sandbox: a descriptor is out of range"};
    if (fd > 2 && ::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
      return cannot("keep a descriptor");
    kept.push_back(fd);
  }
  for (std::size_t i = 0; i < tool_names.size(); ++i)
    kept.push_back(tool_base + static_cast<int>(i));
  std::sort(kept.begin(), kept.end());
  unsigned next = 0;
  for (auto fd : kept) {
    auto here = static_cast<unsigned>(fd);
    if (next < here && ::close_range(next, here - 1, 0) != 0)
      return cannot("close descriptors");
    next = here + 1;
  }
  if (::close_range(next, ~0u, 0) != 0)
    return cannot("close descriptors");
  return done{};
}

outcome<done> set_limits(const sandbox_limits& limits) {
  auto memory = limits.memory_bytes > 0 ? limits.memory_bytes : most_memory;
  struct {
    __rlimit_resource which;
    rlim_t most;
    const char* name;
  } const wanted[] = {{RLIMIT_AS, memory, "RLIMIT_AS"},
                      {RLIMIT_FSIZE, limits.file_bytes, "RLIMIT_FSIZE"},
                      {RLIMIT_NOFILE, limits.open_files, "RLIMIT_NOFILE"},
                      {RLIMIT_CORE, 0, "RLIMIT_CORE"},
                      {RLIMIT_MEMLOCK, 0, "RLIMIT_MEMLOCK"},
                      {RLIMIT_MSGQUEUE, 0, "RLIMIT_MSGQUEUE"}};
  for (auto& [which, most, name] : wanted) {
    rlimit now{};
    ::getrlimit(which, &now);
    now.rlim_cur = now.rlim_max = std::min(now.rlim_max, most);
    if (::setrlimit(which, &now) != 0)
      return cannot(std::string{"set "} + name);
  }
  // A full file and a tool that went away are errors of a call, not an end.
  ::signal(SIGXFSZ, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
  return done{};
}

outcome<done> seal() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return cannot("set no_new_privs");
  // Slots of one user cannot look into each other's memory.
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return cannot("clear dumpable");
  return sandbox::drop_privileges();
}

} // namespace

problem sandbox::cannot(const std::string& what) {
  return {code::internal,
          "sandbox: cannot " + what + ": " + std::strerror(errno)};
}

outcome<sandbox_report> enter_sandbox(const sandbox_limits& limits) {
  if (limits.open_files > static_cast<unsigned>(tool_base))
    return problem{code::internal, "sandbox: open_files is above the tools"};
  if (auto step = check_threads(); !step)
    return step.why();
  if (auto step = open_standard(); !step)
    return step.why();
  if (auto step = open_tools(); !step)
    return step.why();
  if (auto step = close_others(limits); !step)
    return step.why();
  if (auto step = set_limits(limits); !step)
    return step.why();
  if (auto step = seal(); !step)
    return step.why();
  auto abi = sandbox::limit_paths(limits);
  if (!abi)
    return abi.why();
  if (auto step = sandbox::load_filter(); !step)
    return step.why();
  return sandbox_report{abi.value()};
}

} // namespace vigie
