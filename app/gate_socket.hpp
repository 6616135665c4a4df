#pragma once

#include "actors/protocol.hpp"

#include <filesystem>
#include <optional>

namespace vigie {

/// A Unix socket in `folder`, which only we may enter; gone with this object.
/// CAF's broker listens there, and nowhere else: whoever comes from outside
/// has passed the door (docs/adr/0009).
class gate_socket {
public:
  gate_socket() = default;
  gate_socket(const gate_socket&) = delete;
  gate_socket& operator=(const gate_socket&) = delete;
  ~gate_socket();

  /// Chooses where it will be; the socket is made by `publish`.
  outcome<std::filesystem::path> place(const std::filesystem::path& folder);
  /// From now on whoever comes finds this gate and none before it.
  /// REQUIRES: `place`. Not thread-safe: calls follow one another.
  std::optional<problem> publish(caf::actor_system& sys,
                                 const gate_actor& gate);

private:
  std::filesystem::path path_, folder_; ///< `folder_`: made by us.
  caf::actor_addr published_;
  uint16_t port_ = 0; ///< Of the last one published.
};

} // namespace vigie
