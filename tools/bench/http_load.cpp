// bench-http: requests on kept connections, as a list on standard input names
// them ("GET /path" a line); prints how long they took.
// Usage: bench-http PORT CLIENTS [PAUSE_US]

#include "tools/bench/common.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace vigie::bench;

struct work {
  std::vector<std::string> lines;
  std::atomic<std::size_t> next{0}, failed{0};
  std::vector<int64_t> took;
  uint16_t port = 0;
  unsigned pause_us = 0;
};

std::string request_for(const std::string& line) {
  auto bare = line.starts_with("GET ");
  return line + " HTTP/1.1\r\nHost: vigie\r\n"
         + (bare ? "\r\n" : "Content-Length: 0\r\n\r\n");
}

void client(work& w) {
  auto fd = connect_to(w.port);
  std::string buffer;
  for (auto i = w.next++; i < w.lines.size(); i = w.next++) {
    auto text = request_for(w.lines[i]);
    auto begun = now_ns();
    send_all(fd, text);
    auto status = read_answer(fd, buffer);
    w.took[i] = now_ns() - begun;
    if (status / 100 != 2)
      ++w.failed;
    if (w.pause_us > 0)
      ::usleep(w.pause_us);
  }
  ::close(fd);
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3)
    give_up("usage: bench-http PORT CLIENTS [PAUSE_US] < LIST");
  work w;
  w.port = static_cast<uint16_t>(std::atoi(argv[1]));
  auto clients = std::atoi(argv[2]);
  w.pause_us = argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 0;
  for (std::string line; std::getline(std::cin, line);)
    w.lines.push_back(line);
  w.took.resize(w.lines.size());
  std::vector<std::thread> all;
  auto begun = now_ns();
  for (int i = 0; i < clients; ++i)
    all.emplace_back([&] { client(w); });
  for (auto& t : all)
    t.join();
  print_times(std::move(w.took), now_ns() - begun, w.failed);
}
