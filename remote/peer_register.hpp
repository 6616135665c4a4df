#pragma once

#include "remote/peer.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace vigie {

/// What `issue` made. The bundle is the only copy of key and token.
struct issued_peer {
  peer who;
  std::string bundle;    ///< Text of the PEM file (see remote/bundle.hpp).
  bool replaced = false; ///< An older certificate of that name is dead now.
};

/// A file that could not be understood is a row without a serial.
struct listed_peer {
  peer who;
  std::string state; ///< See state_of(), or `unreadable`.
};

/// Who may join the worker network: `peers/NAME.json` below the PKI folder.
/// Used by `vigied cert` and at start, under the folder's lock: many processes
/// may. A running server looks through a peer_view instead.
class peer_register {
public:
  explicit peer_register(std::filesystem::path pki,
                         std::function<utc_time()> now = utc_now);

  /// A certificate and a token for `name`. An older certificate and token of
  /// that name are dead at once.
  outcome<issued_peer> issue(const std::string& name, peer_role role,
                             std::chrono::days valid);
  /// Answers the peer as it is now; revoking twice changes nothing.
  outcome<peer> revoke(const std::string& name);
  /// By name.
  outcome<std::vector<listed_peer>> list();

private:
  std::filesystem::path file_of(const std::string& name) const;

  std::filesystem::path pki_, dir_;
  std::function<utc_time()> now_;
};

} // namespace vigie
