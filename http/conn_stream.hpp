#pragma once

#include "domain/network.hpp"
#include "http/chunk_decoder.hpp"
#include "http/head.hpp"
#include "http/pace.hpp"

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace vigie {

/// One accepted socket. First read_head(), then begin_request(): from there
/// httplib reads a head we wrote and the body, its chunked coding taken off,
/// never a byte beyond it. Writes are gathered, so that head and body leave in
/// one segment. Owned by one thread at a time.
class conn_stream final : public httplib::Stream {
public:
  explicit conn_stream(int fd) : fd_(fd) {}
  conn_stream(const conn_stream&) = delete;
  conn_stream& operator=(const conn_stream&) = delete;
  ~conn_stream() override;

  enum class head_end : uint8_t { complete, partial, gone, slow, too_large };
  using clock = std::chrono::steady_clock;

  /// Reads what is there of a head, up to the empty line that ends it (also a
  /// bare LF one, which parse_head then refuses). Never waits: a head that is
  /// not whole is `partial`, and is read on when more has come or when
  /// head_due() is past; `within` counts from its first byte.
  head_end read_head(std::size_t limit, std::chrono::milliseconds within);
  std::optional<clock::time_point> head_due() const { return head_due_; }
  /// The head, or what came of it so far, until forget_head().
  const std::string& head() const { return raw_; }
  /// Since when it is complete.
  clock::time_point head_whole() const { return whole_.value_or(clock::now()); }
  void forget_head();

  /// `head` is what httplib reads first; then the body that `h` announces.
  void begin_request(std::string head, const request_head& h,
                     uint64_t body_limit, pace_rule rule);

  /// True when nothing of the body is left: the connection may be used again.
  bool body_read() const { return complete_; }
  /// Why the body could not be read, when it is the client's fault.
  const std::optional<problem>& fault() const { return fault_; }
  /// Reads and forgets for a while, so that the client can read our answer
  /// before a reset (RFC 9112, 9.6).
  void linger(std::chrono::milliseconds most);

  /// From any thread: what is being read ends here; the answer may still go.
  void interrupt();

  bool buffered() const { return at_ < end_; }
  int fd() const { return fd_; }
  int release(); ///< Gives the socket away.
  /// Who is at the other end; asked of the system when first needed.
  const ip_address& peer();
  bool flush();

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* to, std::size_t n) override;
  ssize_t write(const char* from, std::size_t n) override;
  /// httplib asks for every request: see peer().
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  /// 0 for every socket: httplib answers 500 from fd 1024 on.
  socket_t socket() const override { return 0; }

private:
  bool wait(short events, std::chrono::microseconds most) const;
  bool receive();
  bool refill_body();
  ssize_t read_body(char* to, std::size_t n); ///< What is there, or -1.
  ssize_t decode(char* to, std::size_t n);
  ssize_t first_piece(char* to, std::size_t n);

  int fd_;
  std::optional<ip_address> peer_;
  char in_[16 * 1024];
  std::size_t at_ = 0, end_ = 0;
  std::string raw_;      ///< Of a head that is being read.
  std::size_t line_ = 0; ///< Bytes of its last line, CR aside.
  std::optional<clock::time_point> whole_; ///< Since when, if it is.
  std::optional<clock::time_point> head_due_;
  std::string head_;
  std::size_t head_at_ = 0;
  uint64_t left_ = 0; ///< Of a sized body.
  bool complete_ = true;
  bool begun_ = false;  ///< The first piece of the body was given.
  std::string opening_; ///< First line of a multipart body, or empty.
  std::optional<chunk_decoder> chunks_;
  pace pace_{pace_rule{}};
  std::optional<problem> fault_;
  std::atomic<bool> interrupted_{false};
  std::string out_;
};

} // namespace vigie
