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

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr auto patience = std::chrono::seconds{5};
constexpr std::size_t gather = 64 * 1024;

/// What a multipart body begins with; read from its type as httplib does.
std::string opening_line(std::string_view type) {
  constexpr std::string_view key = "boundary=";
  auto at = type.find(key);
  if (!type.starts_with("multipart/") || at == type.npos)
    return {};
  auto boundary = type.substr(at + key.size());
  boundary = boundary.substr(0, boundary.find(';'));
  if (boundary.size() > 1 && boundary.front() == '"' && boundary.back() == '"')
    boundary = boundary.substr(1, boundary.size() - 2);
  return "--" + std::string{boundary} + "\r\n";
}

} // namespace

conn_stream::~conn_stream() {
  if (fd_ >= 0) {
    ::shutdown(fd_, SHUT_RDWR);
    ::close(fd_);
  }
}

conn_stream::head_end conn_stream::read_head(std::size_t limit,
                                             std::chrono::milliseconds within) {
  while (!whole_) {
    while (buffered()) {
      if (!head_due_)
        head_due_ = clock::now() + within;
      if (raw_.size() == limit)
        return head_end::too_large;
      auto c = in_[at_++];
      raw_ += c;
      if (c == '\n' && line_ == 0 && raw_.size() > 2) {
        whole_ = clock::now();
        return head_end::complete;
      }
      line_ = c == '\n' ? 0 : line_ + (c != '\r');
    }
    if (head_due_ && clock::now() >= *head_due_)
      return head_end::slow;
    if (!wait(POLLIN, microseconds{0}))
      return head_end::partial;
    if (!receive())
      return head_end::gone;
  }
  return head_end::complete;
}

void conn_stream::forget_head() {
  raw_.clear();
  line_ = 0;
  whole_.reset();
  head_due_.reset();
}

void conn_stream::begin_request(std::string head, const request_head& h,
                                uint64_t body_limit, pace_rule rule) {
  head_ = std::move(head);
  head_at_ = 0;
  left_ = h.length;
  complete_ = !h.has_body();
  chunks_.reset();
  if (h.body == framing::chunked)
    chunks_.emplace(body_limit);
  opening_ = opening_line(h.field("Content-Type"));
  pace_ = pace{rule};
  fault_.reset();
  begun_ = false;
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

ssize_t conn_stream::read(char* to, std::size_t n) {
  if (head_at_ < head_.size()) {
    auto k = head_.copy(to, n, head_at_);
    head_at_ += k;
    return static_cast<ssize_t>(k);
  }
  return begun_ ? read_body(to, n) : first_piece(to, n);
}

ssize_t conn_stream::write(const char* from, std::size_t n) {
  out_.append(from, n);
  if (out_.size() > gather && !flush())
    return -1;
  return static_cast<ssize_t>(n);
}

} // namespace vigie
