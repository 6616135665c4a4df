#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vigie {

using bytes_view = std::span<const std::byte>;
using byte_buffer = std::vector<std::byte>;

/// How the payload of a direct message of CAF 0.17.6 begins: a forwarding
/// stack (peers of ours have none), a type number (0: by name), the name of
/// the tuple, its first element.
struct basp_message {
  std::string types;             ///< `@<>+@atom+@str`, …
  std::optional<uint64_t> first; ///< The value, if the first one is an atom.
};

/// Nothing when `begin`, the first bytes, is no such message. Reads no further
/// than 512 bytes.
std::optional<basp_message> read_message(bytes_view begin);
inline constexpr std::size_t message_glance = 512;

/// Whether `all` is an error of CAF whose context holds texts and nothing that
/// could hold more: code u8, category u64, a message.
bool plain_error(bytes_view all);

/// The published actor that a server's handshake names; `payload` may be its
/// first 512 bytes. 0: none.
uint64_t published_actor(bytes_view payload);

} // namespace vigie
