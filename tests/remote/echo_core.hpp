#pragma once

#include "remote/unique_fd.hpp"
#include "tests/remote/basp_frames.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <thread>
#include <vector>

namespace vigie {

/// In CAF's place: listens on a Unix socket, greets, and sends back what it
/// gets. With `reads` false it only greets.
class echo_core {
public:
  explicit echo_core(const std::filesystem::path& path, bool reads = true)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), reads_(reads) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strcpy(at.sun_path, path.c_str());
    ::bind(fd_.get(), reinterpret_cast<sockaddr*>(&at), sizeof at);
    ::listen(fd_.get(), 1'024);
    thread_ = std::thread{[this] { run(); }};
  }
  ~echo_core() {
    ::shutdown(fd_.get(), SHUT_RDWR);
    thread_.join();
  }
  std::atomic<uint64_t> bytes{0};

private:
  void run() {
    std::vector<std::thread> all;
    std::vector<int> open;
    for (int fd = 0; (fd = ::accept(fd_.get(), nullptr, nullptr)) >= 0;) {
      open.push_back(fd);
      all.emplace_back([this, fd] { serve(fd); });
    }
    for (auto fd : open)
      ::shutdown(fd, SHUT_RDWR);
    for (auto& t : all)
      t.join();
    for (auto fd : open)
      ::close(fd);
  }
  void serve(int fd) {
    auto hello = server_hello();
    ::send(fd, hello.data(), hello.size(), MSG_NOSIGNAL);
    char part[65'536];
    for (ssize_t n = 0; reads_ && (n = ::recv(fd, part, sizeof part, 0)) > 0;) {
      bytes += static_cast<uint64_t>(n);
      for (ssize_t at = 0, k = 0; at < n; at += k)
        if ((k = ::send(fd, part + at, static_cast<std::size_t>(n - at),
                        MSG_NOSIGNAL))
            <= 0)
          return end(fd);
    }
    if (reads_)
      end(fd);
  }
  static void end(int fd) { ::shutdown(fd, SHUT_RDWR); }

  unique_fd fd_;
  bool reads_;
  std::thread thread_;
};

} // namespace vigie
