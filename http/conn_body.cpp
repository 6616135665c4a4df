#include "http/conn_stream.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace vigie {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

/// httplib 0.11.4 loses a part, silently, when a read ends within the first
/// boundary line, which may have 74 bytes (RFC 2046, 5.1.1). So it gets that
/// line whole, and no text before it.
constexpr std::size_t least_first = 256;

} // namespace

bool conn_stream::refill_body() {
  if (!flush()) // "100 Continue" must leave before we wait
    return false;
  for (;;) {
    auto asked = clock::now();
    auto came = wait(POLLIN, pace_.patience());
    if (interrupted_)
      fault_ = problem{code::draining, "The server is stopping"};
    if (fault_ || (came && !receive()))
      return false;
    auto waited = duration_cast<microseconds>(clock::now() - asked);
    if (!pace_.add(waited, end_ - at_))
      fault_ = problem{code::request_timeout, "The body comes too slowly"};
    if (fault_ || buffered())
      return !fault_;
    // A window of the pace ended within a pause: it goes on in the next one.
  }
}

/// The data of buffered chunks: 0 when there is none among them.
ssize_t conn_stream::decode(char* to, std::size_t n) {
  std::size_t used = 0, made = 0;
  auto said = chunks_->decode({in_ + at_, end_ - at_}, {to, n}, used, made);
  at_ += used;
  complete_ = said == chunk_decoder::verdict::complete;
  if (said == chunk_decoder::verdict::broken)
    fault_ = problem{code::bad_request, "The chunked body is broken"};
  if (said == chunk_decoder::verdict::too_large)
    fault_ = problem{code::body_too_large, "The chunked body is too large"};
  return fault_ ? -1 : static_cast<ssize_t>(made);
}

ssize_t conn_stream::first_piece(char* to, std::size_t n) {
  begun_ = true;
  ssize_t got = 0;
  auto least = static_cast<ssize_t>(std::min(n, least_first));
  while (got < least && !complete_) {
    auto more = read_body(to + got, n - static_cast<std::size_t>(got));
    if (more < 0)
      return -1;
    got += more;
  }
  std::string_view piece{to, static_cast<std::size_t>(got)};
  if (!piece.starts_with(opening_)) {
    fault_ = problem{code::bad_multipart,
                     "The multipart body does not begin with its boundary"};
    return -1;
  }
  return got;
}

ssize_t conn_stream::read_body(char* to, std::size_t n) {
  if (complete_ && chunks_) // httplib reads such a body until it ends
    return fault_ ? -1 : 0;
  for (;;) {
    if (complete_ || fault_ || (!buffered() && !refill_body()))
      return -1;
    if (!chunks_)
      break;
    if (auto k = decode(to, n); k != 0 || complete_)
      return k;
  }
  auto k = static_cast<std::size_t>(std::min<uint64_t>({n, end_ - at_, left_}));
  std::memcpy(to, in_ + at_, k);
  at_ += k;
  left_ -= k;
  complete_ = left_ == 0;
  return static_cast<ssize_t>(k);
}

} // namespace vigie
