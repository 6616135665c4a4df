#pragma once

#include "domain/outcome.hpp"
#include "remote/openssl_ptr.hpp"
#include "remote/pki.hpp"
#include "remote/refusal.hpp"

#include <memory>
#include <optional>
#include <string>

namespace vigie {

/// One TLS connection of the server; used by one thread at a time.
struct tls_session {
  ssl_ptr ssl;
  /// What was wrong with the certificate; written by OpenSSL's callback, so
  /// it must not move.
  std::unique_ptr<std::string> complaint;
};

/// How far a handshake came.
struct handshake_step {
  enum : uint8_t { good, wants_read, wants_write, bad } state = bad;
  refusal why = refusal::bad_tls; ///< When bad.
  std::string detail;
};

/// TLS as the door speaks it: 1.2 or 1.3, a certificate of our CA asked of
/// everybody, no resumption (each connection is looked at anew).
class tls_server {
public:
  static outcome<tls_server> make(const identity& core);

  /// For a non-blocking socket, which must outlive it.
  tls_session accept(int fd) const;

private:
  ssl_ctx_ptr ctx_;
};

/// Goes on with a handshake as far as the bytes at hand allow.
handshake_step proceed(tls_session& session);

/// Of the peer's certificate. REQUIRES: the handshake is good.
std::string peer_name(const tls_session& session);
std::string peer_serial(const tls_session& session);

} // namespace vigie
