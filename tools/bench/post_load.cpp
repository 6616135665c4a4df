// bench-post: uploads, one file a batch, on kept connections.
// Usage: bench-post PORT CLIENTS REQUESTS BYTES PREFIX [PAUSE_US]
//        bench-post PORT FILE          one file from disk, by sendfile()

#include "tools/bench/common.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace vigie::bench;

const std::string edge = "----edge-of-the-bench";
const std::string last = "\r\n--" + edge + "--\r\n";

std::string file_part() {
  return "--" + edge
         + "\r\nContent-Disposition: form-data; name=\"files\"; "
           "filename=\"note.txt\"\r\nContent-Type: text/plain\r\n\r\n";
}

std::string id_part(const std::string& id) {
  return "--" + edge
         + "\r\nContent-Disposition: form-data; name=\"client_batch_id\"\r\n"
           "\r\n"
         + id + "\r\n";
}

std::string head(std::size_t length) {
  return "POST /api/v1/ingestion/batches HTTP/1.1\r\nHost: vigie\r\n"
         "Content-Type: multipart/form-data; boundary="
         + edge + "\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

struct work {
  uint16_t port = 0;
  std::size_t requests = 0, bytes = 0;
  std::string prefix;
  unsigned pause_us = 0;
  std::atomic<std::size_t> next{0}, failed{0};
  std::vector<int64_t> took;
};

void client(work& w) {
  auto fd = connect_to(w.port);
  std::string buffer;
  for (auto i = w.next++; i < w.requests; i = w.next++) {
    auto id = w.prefix.empty() ? "" : id_part(w.prefix + std::to_string(i));
    auto body = id + file_part() + some_text(w.bytes, i + 1) + last;
    auto text = head(body.size()) + body;
    auto begun = now_ns();
    send_all(fd, text);
    auto status = read_answer(fd, buffer);
    w.took[i] = now_ns() - begun;
    if (status != 202)
      ++w.failed;
    if (w.pause_us > 0)
      ::usleep(w.pause_us);
  }
  ::close(fd);
}

int many(char** argv, int argc) {
  work w;
  w.port = static_cast<uint16_t>(std::atoi(argv[1]));
  auto clients = std::atoi(argv[2]);
  w.requests = std::strtoull(argv[3], nullptr, 10);
  w.bytes = std::strtoull(argv[4], nullptr, 10);
  w.prefix = argv[5];
  w.pause_us = argc > 6 ? static_cast<unsigned>(std::atoi(argv[6])) : 0;
  w.took.resize(w.requests);
  std::vector<std::thread> all;
  auto begun = now_ns();
  for (int i = 0; i < clients; ++i)
    all.emplace_back([&] { client(w); });
  for (auto& t : all)
    t.join();
  print_times(std::move(w.took), now_ns() - begun, w.failed);
  return 0;
}

int one(const char* port, const char* path) {
  auto in = ::open(path, O_RDONLY | O_CLOEXEC);
  struct stat about {};
  if (in < 0 || ::fstat(in, &about) != 0)
    give_up(path);
  auto size = static_cast<std::size_t>(about.st_size);
  auto fd = connect_to(static_cast<uint16_t>(std::atoi(port)));
  auto begun = now_ns();
  auto part = file_part();
  send_all(fd, head(part.size() + size + last.size()) + part);
  for (off_t at = 0; at < about.st_size;)
    if (::sendfile(fd, in, &at, size - static_cast<std::size_t>(at)) <= 0)
      give_up("sendfile");
  send_all(fd, last);
  std::string buffer;
  auto status = read_answer(fd, buffer);
  auto took = now_ns() - begun;
  print_times({took}, took, status == 202 ? 0 : 1);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 3)
    return one(argv[1], argv[2]);
  if (argc < 6)
    give_up("usage: bench-post PORT CLIENTS REQUESTS BYTES PREFIX [PAUSE_US]");
  return many(argv, argc);
}
