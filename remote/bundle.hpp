#pragma once

#include "remote/peer.hpp"
#include "remote/pki.hpp"

#include <functional>

namespace vigie {

/// What a peer needs to join, from one PEM file: certificate, key, CA, join
/// token. OpenSSL takes that file as it is for all three paths of `files`.
struct bundle {
  identity files;
  std::string token; ///< Hex. A secret, as the key is.
  std::string name;
  utc_time expires_at;
};

/// The text of that file, comments for people first.
std::string bundle_text(const peer& who, const signed_certificate& cert,
                        const std::string& ca_pem, const std::string& token);

/// A missing, garbled or expired bundle is a problem that names the file.
outcome<bundle> read_bundle(const std::filesystem::path& path,
                            utc_time now = utc_now());

/// The name of the server's own node; nobody else is issued it.
inline constexpr auto local_name = "local";

/// The bundle of the server's own slots, `local.pem` in `pki`: made when it is
/// missing, unfit, revoked or has less than thirty days left.
outcome<bundle> provide_local(const std::filesystem::path& pki,
                              const std::function<utc_time()>& now = utc_now);

} // namespace vigie
