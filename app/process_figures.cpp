#include "app/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace vigie {

namespace {

namespace fs = std::filesystem;

/// Fields of /proc/self/stat (proc(5)) from the third on: the second one, the
/// name, may hold anything.
std::vector<std::string> stat_fields() {
  std::ifstream in{"/proc/self/stat"};
  std::string all{std::istreambuf_iterator<char>(in), {}};
  auto name_end = all.rfind(')');
  if (name_end == all.npos)
    return {};
  std::istringstream rest{all.substr(name_end + 1)};
  return {std::istream_iterator<std::string>{rest}, {}};
}

std::optional<double> boot_time() {
  std::ifstream in{"/proc/stat"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("btime "))
      return std::stod(line.substr(6));
  return std::nullopt;
}

std::optional<double> open_files() {
  std::error_code failed;
  fs::directory_iterator all{"/proc/self/fd", failed};
  if (failed)
    return std::nullopt;
  return static_cast<double>(std::distance(fs::begin(all), fs::end(all)));
}

} // namespace

void add_process(family_list& to) {
  auto stat = stat_fields();
  if (stat.size() > 21) { // proc(5), numbers less three
    auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    to.counter("process_cpu_seconds_total", "CPU time, user and system.")
        .put((std::stod(stat[11]) + std::stod(stat[12])) / ticks);
    to.gauge("process_resident_memory_bytes", "Resident memory.")
        .put(std::stod(stat[21]) * static_cast<double>(::getpagesize()));
    to.gauge("process_virtual_memory_bytes", "Address space.")
        .put(std::stod(stat[20]));
    to.gauge("process_threads", "Threads.").put(std::stod(stat[17]));
    if (auto boot = boot_time())
      to.gauge("process_start_time_seconds", "Start, in Unix time.")
          .put(*boot + std::stod(stat[19]) / ticks);
  }
  if (auto n = open_files())
    to.gauge("process_open_fds", "Open file descriptors.").put(*n);
  rlimit most{};
  if (::getrlimit(RLIMIT_NOFILE, &most) == 0)
    to.gauge("process_max_fds", "Limit of the same.")
        .put(static_cast<double>(most.rlim_cur));
}

} // namespace vigie
