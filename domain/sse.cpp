#include "domain/sse.hpp"

#include <charconv>

namespace vigie {

std::string sse_frame(int64_t seq, std::string_view data) {
  auto out = "id: " + std::to_string(seq) + "\ndata: ";
  for (auto c : data) {
    if (c == '\n')
      out += "\ndata: ";
    else if (c != '\r')
      out += c;
  }
  return out + "\n\n";
}

std::string sse_hello(int64_t seq) {
  return "retry: 3000\n\nid: " + std::to_string(seq) + "\n\n";
}

std::string_view sse_keepalive() { return "event: keepalive\ndata: {}\n\n"; }

std::string sse_farewell(double draw) {
  auto ms = 1'000 + static_cast<int>(draw * 9'001);
  return "retry: " + std::to_string(ms) + "\n\n";
}

std::string sse_reset(std::string_view url) {
  return "event: reset\ndata: {\"snapshotUrl\":\"" + std::string{url}
         + "\"}\n\n";
}

std::optional<int64_t> parse_event_id(std::string_view text) {
  int64_t n = 0;
  auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), n);
  if (failed != std::errc{} || end != text.data() + text.size() || n < 0)
    return std::nullopt;
  return n;
}

} // namespace vigie
