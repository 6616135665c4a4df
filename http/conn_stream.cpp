#include "http/conn_stream.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr auto patience = std::chrono::seconds{5};
constexpr std::size_t gather = 64 * 1024;

} // namespace

conn_stream::~conn_stream() {
  if (fd_ >= 0) {
    ::shutdown(fd_, SHUT_RDWR);
    ::close(fd_);
  }
}

conn_stream::head_end conn_stream::read_head(std::string& raw,
                                             std::size_t limit,
                                             std::chrono::milliseconds within) {
  auto until = clock::now() + within;
  for (std::size_t line = 0;;) { // bytes of the line so far, CR aside
    while (buffered()) {
      if (raw.size() == limit)
        return head_end::too_large;
      auto c = in_[at_++];
      raw += c;
      if (c == '\n' && line == 0 && raw.size() > 2)
        return head_end::complete;
      line = c == '\n' ? 0 : line + (c != '\r');
    }
    auto rest = duration_cast<microseconds>(until - clock::now());
    if (rest.count() <= 0 || !wait(POLLIN, rest))
      return head_end::slow;
    if (!receive())
      return head_end::gone;
  }
}

void conn_stream::begin_request(std::string head, const request_head& h,
                                uint64_t body_limit, pace_rule rule) {
  head_ = std::move(head);
  head_at_ = 0;
  left_ = h.length;
  complete_ = !h.has_body();
  guard_.reset();
  if (h.body == framing::chunked)
    guard_.emplace(body_limit);
  pace_ = pace{rule};
  fault_.reset();
}

void conn_stream::linger(std::chrono::milliseconds most) {
  ::shutdown(fd_, SHUT_WR);
  for (auto until = clock::now() + most;;) {
    auto rest = duration_cast<microseconds>(until - clock::now());
    if (rest.count() <= 0 || !wait(POLLIN, rest) || !receive())
      return;
  }
}

void conn_stream::interrupt() {
  interrupted_ = true;
  ::shutdown(fd_, SHUT_RD); // wakes a thread that waits for the client
}

int conn_stream::release() { return std::exchange(fd_, -1); }

bool conn_stream::wait(short events, microseconds most) const {
  pollfd p{fd_, events, 0};
  auto ms = static_cast<int>((most.count() + 999) / 1'000);
  int n = 0;
  do
    n = ::poll(&p, 1, ms);
  while (n < 0 && errno == EINTR);
  return n > 0;
}

bool conn_stream::is_readable() const {
  return buffered() || wait(POLLIN, patience);
}

bool conn_stream::is_writable() const { return wait(POLLOUT, patience); }

bool conn_stream::flush() {
  std::size_t sent = 0;
  while (sent < out_.size()) {
    if (!wait(POLLOUT, patience))
      return false;
    auto n = ::send(fd_, out_.data() + sent, out_.size() - sent,
                    MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
      return false;
    sent += n > 0 ? static_cast<std::size_t>(n) : 0;
  }
  out_.clear();
  return true;
}

bool conn_stream::receive() {
  auto n = ::recv(fd_, in_, sizeof in_, 0);
  at_ = 0;
  end_ = n > 0 ? static_cast<std::size_t>(n) : 0;
  return n > 0;
}

bool conn_stream::refill_body() {
  if (!flush()) // "100 Continue" must leave before we wait
    return false;
  auto asked = clock::now();
  auto came = wait(POLLIN, pace_.patience());
  if (interrupted_)
    fault_ = problem{code::draining, "The server is stopping"};
  if (fault_ || (came && !receive()))
    return false;
  auto waited = duration_cast<microseconds>(clock::now() - asked);
  if (!pace_.add(waited, end_ - at_))
    fault_ = problem{code::request_timeout, "The body comes too slowly"};
  return buffered() && !fault_;
}

/// Cuts `n` buffered bytes at the end of the body; false: the body is bad.
bool conn_stream::watch(std::size_t& n) {
  if (!guard_) {
    n = static_cast<std::size_t>(std::min<uint64_t>(n, left_));
    left_ -= n;
    complete_ = left_ == 0;
    return true;
  }
  switch (guard_->feed({in_ + at_, n}, n)) {
  case chunk_guard::verdict::more:
    return true;
  case chunk_guard::verdict::complete:
    return complete_ = true;
  case chunk_guard::verdict::broken:
    fault_ = problem{code::bad_request, "The chunked body is broken"};
    return false;
  case chunk_guard::verdict::too_large:
    fault_ = problem{code::body_too_large, "The chunked body is too large"};
    return false;
  }
  return false;
}

ssize_t conn_stream::read(char* to, std::size_t n) {
  if (head_at_ < head_.size()) {
    auto k = head_.copy(to, n, head_at_);
    head_at_ += k;
    return static_cast<ssize_t>(k);
  }
  if (complete_ || fault_ || (!buffered() && !refill_body()))
    return -1;
  auto k = std::min(n, end_ - at_);
  if (!watch(k))
    return -1;
  std::memcpy(to, in_ + at_, k);
  at_ += k;
  return static_cast<ssize_t>(k);
}

ssize_t conn_stream::write(const char* from, std::size_t n) {
  out_.append(from, n);
  if (out_.size() > gather && !flush())
    return -1;
  return static_cast<ssize_t>(n);
}

} // namespace vigie
