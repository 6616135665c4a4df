#pragma once

#include "remote/basp_guard.hpp"

#include <fstream>
#include <string>

namespace vigie {

struct frame_plan {
  uint8_t operation = 2, flags = 0;
  uint32_t length = 0;
  uint64_t data = 0, source = 0, dest = 0;
};

inline void put(byte_buffer& out, uint64_t x, int n) {
  while (n-- > 0)
    out.push_back(static_cast<std::byte>(x >> (8 * n)));
}

/// A header; the payload is up to the caller.
inline byte_buffer header_of(const frame_plan& f) {
  byte_buffer out;
  put(out, f.operation, 1);
  put(out, 0, 2);
  put(out, f.flags, 1);
  put(out, f.length, 4);
  put(out, f.data, 8);
  put(out, f.source, 8);
  put(out, f.dest, 8);
  return out;
}

inline byte_buffer operator+(byte_buffer a, const byte_buffer& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline byte_buffer node_id(int which) {
  return byte_buffer(32, static_cast<std::byte>(which));
}

/// What a server says first: it publishes actor 9.
inline byte_buffer server_hello() {
  auto out = header_of({0, 0, 41, 3}) + node_id(9) + byte_buffer(1);
  put(out, 9, 8);
  return out;
}
/// And what a client answers.
inline byte_buffer client_hello(int which = 1) {
  return header_of({1, 0, 32}) + node_id(which);
}

/// The first bytes of a message that holds these types.
inline byte_buffer message_head(const std::string& types) {
  byte_buffer out(3); // no forwarding stack, no type number
  put(out, types.size(), 1);
  for (auto c : types)
    out.push_back(static_cast<std::byte>(c));
  return out;
}
/// `caf::atom("hey")` and whatever follows, `n` bytes in all, for actor 9.
inline constexpr uint64_t hey = 0x4E1F2D;
inline byte_buffer message_of(std::size_t n, uint64_t atom = hey,
                              const std::string& types = "@<>+@atom+@str",
                              uint64_t dest = 9) {
  auto payload = message_head(types);
  put(payload, atom, 8);
  payload.resize(n, std::byte{42});
  return header_of({2, 0, static_cast<uint32_t>(n), 7, 8, dest}) + payload;
}

/// The rule of such messages.
inline message_rule hey_rule(uint32_t most = 16u << 20) {
  return {hey, "@<>+@atom+@str", most};
}

/// An error of CAF with this context.
inline byte_buffer error_with(const std::string& types = "@<>") {
  byte_buffer out;
  put(out, 6, 1);
  put(out, 0x1234, 8);
  put(out, 0, 2);
  put(out, types.size(), 1);
  for (auto c : types)
    out.push_back(static_cast<std::byte>(c));
  return out;
}

/// A session that two real CAF systems had (tests/remote/caf_session.txt).
inline byte_buffer recorded(const std::string& side) {
  std::ifstream in{VIGIE_SOURCE_DIR "/tests/remote/caf_session.txt"};
  byte_buffer out;
  auto mine = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("from_"))
      mine = line == side;
    else if (mine)
      for (std::size_t i = 0; i + 1 < line.size(); i += 2)
        put(out, std::stoul(line.substr(i, 2), nullptr, 16), 1);
  }
  return out;
}

} // namespace vigie
