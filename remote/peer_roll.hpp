#pragma once

#include "remote/basp_payload.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace vigie {

/// Which certificate stands behind each BASP node id that is connected: what
/// CAF calls a peer's node is what the peer itself claims. Thread-safe.
class peer_roll {
public:
  /// Why `node` may not come in. A node that comes again before its old
  /// connection has ended is refused once, and `cut` of the old one is called:
  /// CAF must have seen the end of the one before it hears of the next.
  /// `cut` must not call back, and is not called after `leave`. `sent` is read
  /// until then: bytes that the peer has taken from us.
  std::optional<std::string> enter(bytes_view node, const std::string& serial,
                                   std::function<void()> cut,
                                   const std::atomic<uint64_t>& sent);
  void leave(bytes_view node);
  /// The serial of its certificate; empty: nobody is connected as `node`.
  std::string serial_of(const std::string& node) const;
  /// Bytes that this connection has taken; 0: nobody is connected as `node`.
  uint64_t sent_to(const std::string& node) const;

private:
  struct entry {
    std::string serial;
    std::function<void()> cut;
    const std::atomic<uint64_t>* sent = nullptr;
  };

  mutable std::mutex guard_;
  std::map<std::string, entry> here_; ///< By the 32 bytes of the node id.
};

} // namespace vigie
