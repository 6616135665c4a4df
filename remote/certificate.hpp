#pragma once

#include "domain/time.hpp"
#include "remote/openssl_ptr.hpp"

#include <string>

namespace vigie {

/// What a new certificate says.
struct certificate_plan {
  std::string name; ///< Its CN.
  utc_time from, until;
};

/// A certificate for `key` (EC P-256), signed by `ca_key`. `issuer` null: a
/// CA, signed by itself. The serial is 127 random bits. Null: OpenSSL failed.
cert_ptr make_certificate(EVP_PKEY* key, const certificate_plan& plan,
                          X509* issuer, EVP_PKEY* ca_key);

/// Lower-case hex, as the register keeps it.
std::string serial_of(const X509* cert);
std::string name_of(const X509* cert);
utc_time end_of(const X509* cert);

} // namespace vigie
