#pragma once

#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <string>

namespace vigie {

/// One accepted socket: buffered reads with limits, writes gathered so that
/// head and body leave in one segment. Owned by one thread at a time.
class conn_stream final : public httplib::Stream {
public:
  explicit conn_stream(int fd) : fd_(fd) {}
  conn_stream(const conn_stream&) = delete;
  conn_stream& operator=(const conn_stream&) = delete;
  ~conn_stream() override;

  /// From now on at most `limit` bytes until `within` has passed: httplib
  /// itself knows no limit on header lines.
  void begin_head(std::size_t limit, std::chrono::seconds within);
  /// From now on at most `limit` bytes: also stops endless chunked bodies.
  void begin_body(std::size_t limit);

  bool buffered() const { return at_ < end_; }
  int fd() const { return fd_; }
  int release(); ///< Gives the socket away.
  bool flush();

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* to, std::size_t n) override;
  ssize_t write(const char* from, std::size_t n) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  /// 0 for every socket: httplib answers 500 from fd 1024 on.
  socket_t socket() const override { return 0; }

private:
  bool wait(short events, int ms) const;
  bool refill();

  int fd_;
  char in_[16 * 1024];
  std::size_t at_ = 0, end_ = 0;
  std::size_t left_ = SIZE_MAX;
  std::chrono::steady_clock::time_point deadline_{};
  std::string out_;
};

} // namespace vigie
