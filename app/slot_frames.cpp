#include "app/slot_frames.hpp"

#include <unistd.h>

#include <cerrno>

namespace vigie {

namespace {

bool read_exactly(int fd, char* to, std::size_t n) {
  while (n > 0) {
    auto got = ::read(fd, to, n);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    to += got;
    n -= static_cast<std::size_t>(got);
  }
  return true;
}

} // namespace

bool write_frame(int fd, const std::string& frame) {
  std::size_t at = 0;
  while (at < frame.size()) {
    auto n = ::write(fd, frame.data() + at, frame.size() - at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    at += static_cast<std::size_t>(n);
  }
  return true;
}

uint32_t frame_length(const std::string& head) {
  uint32_t n = 0;
  for (std::size_t i = 4; i-- > 0;)
    n = n << 8 | static_cast<unsigned char>(head[i]);
  return n;
}

std::optional<std::string> read_frame(int fd, uint32_t longest) {
  std::string head(4, '\0');
  if (!read_exactly(fd, head.data(), head.size()))
    return std::nullopt;
  auto n = frame_length(head);
  if (n > longest)
    return std::nullopt;
  std::string bytes(n, '\0');
  if (!read_exactly(fd, bytes.data(), n))
    return std::nullopt;
  return bytes;
}

} // namespace vigie
