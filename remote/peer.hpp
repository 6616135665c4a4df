#pragma once

#include "domain/outcome.hpp"
#include "domain/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace vigie {

enum class peer_role : uint8_t { node, admin };

std::string_view role_name(peer_role role);
std::optional<peer_role> role_from(std::string_view name);

/// Somebody who may join the worker network: one file of the register.
struct peer {
  std::string name;
  peer_role role = peer_role::node;
  std::string serial; ///< Of its one good certificate; lower-case hex.
  utc_time created_at, expires_at;
  std::string token_sha256; ///< Of its join token; lower-case hex.
  std::optional<utc_time> revoked_at;
};

/// `[a-z0-9][a-z0-9-]{0,62}`: a file name and a CN without surprises.
bool good_peer_name(std::string_view name);

std::string to_json(const peer& p);
/// Nothing when the text is not a whole peer.
std::optional<peer> peer_from_json(const std::string& text);

/// `valid`, `expires in N days` (the last thirty), `expired` or `revoked`.
std::string state_of(const peer& p, utc_time now);

/// Why this peer may not pass: revoked since T, expired at T. Nothing: it may.
std::optional<problem> obstacle(const peer& p, utc_time now);

std::string sha256_hex_of(std::string_view bytes);

} // namespace vigie
