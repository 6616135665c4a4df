#pragma once

#include "domain/time.hpp"
#include "remote/openssl_ptr.hpp"

#include <cstdint>
#include <string>

namespace vigie {

/// Which end of a connection it may be (RFC 5280, 4.2.1.12): a bundle that was
/// stolen must not be able to play the server.
enum class certificate_use : uint8_t { authority, server, client };

/// What a new certificate says.
struct certificate_plan {
  std::string name; ///< Its CN.
  utc_time from, until;
  certificate_use use = certificate_use::client;
};

/// A certificate for `key` (EC P-256), signed by `ca_key`. `issuer` null: it
/// signs itself, as an authority does. The serial is 127 random bits. Null:
/// OpenSSL failed.
cert_ptr make_certificate(EVP_PKEY* key, const certificate_plan& plan,
                          X509* issuer, EVP_PKEY* ca_key);

/// Lower-case hex, as the register keeps it.
std::string serial_of(const X509* cert);
std::string name_of(const X509* cert);
utc_time end_of(const X509* cert);

} // namespace vigie
