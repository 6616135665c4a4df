#pragma once

#include "domain/outcome.hpp"
#include "domain/time.hpp"
#include "remote/certificate.hpp"
#include "remote/openssl_ptr.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace vigie {

/// Files of one party: its certificate, its key, and the CA that both sides
/// ask for. Readable by the owner only.
struct identity {
  std::filesystem::path certificate, key, ca;
};

/// A certificate and its key, just made (PEM).
struct signed_certificate {
  std::string certificate, key;
  std::string serial; ///< Lower-case hex.
  utc_time expires_at;
};

/// What stands in a certificate.
struct certificate_facts {
  std::string name, serial;
  utc_time expires_at;
};

/// Renewed at start when less than this is left.
inline constexpr auto renewal_margin = std::chrono::days{30};

/// The CA of the worker network. It signs nothing else: whoever shows one of
/// its certificates was let in by us. Lives in `dir` (`ca.pem`, `ca.key`).
class authority {
public:
  /// Makes it at first start (EC P-256, twenty years). REQUIRES: lock_private.
  static outcome<authority> open(const std::filesystem::path& dir,
                                 utc_time now);

  /// A new key and its certificate; never outlives the CA.
  outcome<signed_certificate> sign(const std::string& name,
                                   std::chrono::days valid, utc_time now,
                                   certificate_use use) const;
  const std::string& certificate() const { return pem_; } ///< PEM.
  /// Whether the certificate in `pem` is one of this CA.
  bool signed_by_us(const std::string& pem) const;

private:
  std::string pem_;
  cert_ptr cert_;
  key_ptr key_;
};

/// The server's own certificate (`core.pem`, `core.key`), two years; made at
/// first start and again when it is near its end or of another CA.
outcome<identity> provide_core(const std::filesystem::path& dir, utc_time now);

/// Reads the first certificate of a PEM file.
outcome<certificate_facts> read_certificate(const std::filesystem::path& path);

} // namespace vigie
