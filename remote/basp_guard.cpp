#include "remote/basp_guard.hpp"

#include <algorithm>

namespace vigie {

namespace {

/// Handshake, node id, names of the application, published actor.
constexpr std::size_t most_hello = 32 + message_glance;
void append(byte_buffer& to, bytes_view what) {
  to.insert(to.end(), what.begin(), what.end());
}

bytes_view take(bytes_view& in, std::size_t most) {
  auto part = in.first(std::min(in.size(), most));
  in = in.subspan(part.size());
  return part;
}

} // namespace

void basp_guard::heard(bytes_view from_server) {
  if (server_.size() < most_hello)
    append(server_, take(from_server, most_hello - server_.size()));
}

bool basp_guard::knows_server() const {
  return server_.size() >= header_size + id_size;
}

bytes_view basp_guard::server_id() const {
  return bytes_view{server_}.subspan(header_size, id_size);
}

std::optional<std::string> basp_guard::feed(bytes_view in, byte_buffer& out) {
  while (!in.empty())
    if (auto why = step(in, out))
      return why;
  return std::nullopt;
}

std::optional<std::string> basp_guard::step(bytes_view& in, byte_buffer& out) {
  if (left_ == 0) {
    append(head_, take(in, header_size - head_.size()));
    if (head_.size() < header_size)
      return std::nullopt;
    ++frames_;
    fate_ = fate::stream;
    if (auto why = judge_header())
      return why;
    left_ = static_cast<uint32_t>(field(4, 4));
    payload_.clear();
    return left_ == 0 ? pass(out) : std::nullopt;
  }
  auto most = fate_ == fate::glance ? message_glance - payload_.size() : left_;
  auto part = take(in, std::min<std::size_t>(left_, most));
  left_ -= static_cast<uint32_t>(part.size());
  if (fate_ == fate::stream && head_.empty())
    append(out, part);
  else if (fate_ != fate::swallow)
    append(payload_, part);
  auto seen = fate_ == fate::stream
              || (fate_ == fate::glance && payload_.size() == message_glance);
  return left_ == 0 || seen ? pass(out) : std::nullopt;
}

/// What has been read may go on, or not; `head_` is empty when it has.
std::optional<std::string> basp_guard::pass(byte_buffer& out) {
  auto why = fate_ == fate::inspect  ? judge_payload()
             : fate_ == fate::glance ? judge_message()
                                     : std::nullopt;
  if (why)
    return why;
  if (fate_ != fate::swallow) {
    append(out, head_);
    append(out, payload_);
  }
  head_.clear();
  payload_.clear();
  if (left_ > 0)
    fate_ = fate::stream;
  return std::nullopt;
}

uint64_t basp_guard::field(std::size_t at, std::size_t n) const {
  uint64_t x = 0;
  for (std::size_t i = 0; i < n; ++i)
    x = x << 8 | std::to_integer<uint64_t>(head_[at + i]);
  return x;
}

} // namespace vigie
