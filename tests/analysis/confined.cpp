#include "tests/analysis/confined.hpp"

#include <opencv2/core/utility.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>

namespace vigie::samples {

namespace {

void write_all(int to, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    auto n = ::write(to, bytes.data() + at, bytes.size() - at);
    if (n <= 0)
      return;
    at += static_cast<std::size_t>(n);
  }
}

std::string read_all(int from) {
  std::string out;
  char buffer[4096];
  for (ssize_t n; (n = ::read(from, buffer, sizeof buffer)) > 0;)
    out.append(buffer, static_cast<std::size_t>(n));
  return out;
}

ended in_a_child(const std::function<std::string(int)>& body) {
  int ends[2];
  if (::pipe(ends) != 0)
    return {"no pipe", 0};
  auto pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    write_all(ends[1], body(ends[1]));
    ::_exit(0);
  }
  ::close(ends[1]);
  ended out{read_all(ends[0]), 0};
  ::close(ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (WIFSIGNALED(status))
    out.signal = WTERMSIG(status);
  return out;
}

constexpr bool sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#else
  return false;
#endif
}

} // namespace

std::string no_sandbox_here() {
  return sanitized() ? "a sanitizer needs what the sandbox takes" : "";
}

std::string no_analysis_here() {
  if (sanitized())
    return no_sandbox_here();
  cv::setNumThreads(1); // ends the threads of OpenCV
  std::filesystem::directory_iterator tasks{"/proc/self/task"};
  return std::distance(begin(tasks), end(tasks)) == 1
             ? ""
             : "an earlier test left threads: run this one by itself";
}

ended elsewhere(const std::function<std::string()>& body) {
  return in_a_child([&](int) { return body(); });
}

ended confined(const std::function<std::string()>& body,
               sandbox_limits limits) {
  return in_a_child([&](int out) {
    limits.keep.push_back(out);
    auto entered = enter_sandbox(limits);
    return entered ? body() : entered.why().detail;
  });
}

} // namespace vigie::samples
