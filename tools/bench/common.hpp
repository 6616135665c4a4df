#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::bench {

/// CLOCK_MONOTONIC, as Python's time.monotonic_ns().
inline int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Of sorted values; `share` from 0 to 1. REQUIRES: not empty.
inline int64_t percentile(const std::vector<int64_t>& sorted, double share) {
  auto at =
      static_cast<std::size_t>(static_cast<double>(sorted.size()) * share);
  return sorted[std::min(at, sorted.size() - 1)];
}

/// One line of JSON: how long each took, how many a second.
void print_times(std::vector<int64_t> each_ns, int64_t wall_ns,
                 std::size_t failed);

/// `bytes` of text, another one for every `seed`.
std::string some_text(std::size_t bytes, uint64_t seed);

/// Connected to 127.0.0.1, TCP_NODELAY; ends the program when that fails.
int connect_to(uint16_t port);
/// Listens on 127.0.0.1; fills in the port.
int listen_on(uint16_t& port);
void send_all(int fd, std::string_view bytes);

/// Reads one answer with a Content-Length; answers its status. `buffer` is
/// kept between the answers of one connection; `length`: of the body.
int read_answer(int fd, std::string& buffer, std::size_t* length = nullptr);

[[noreturn]] void give_up(const std::string& why);

} // namespace vigie::bench
