#include "remote/tls.hpp"

#include "remote/certificate.hpp"

#include <openssl/err.h>

namespace vigie {

namespace {

int note_complaint(int good, X509_STORE_CTX* store) {
  if (good == 1)
    return 1;
  auto* ssl = static_cast<SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* complaint = static_cast<std::string*>(SSL_get_app_data(ssl));
  auto* cert = X509_STORE_CTX_get_current_cert(store);
  if (complaint != nullptr)
    *complaint =
        (cert != nullptr ? name_of(cert) + ": " : std::string{})
        + X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
  return 0;
}

handshake_step failure(const tls_session& session) {
  auto error = ERR_peek_error();
  handshake_step step;
  if (ERR_GET_LIB(error) == ERR_LIB_SSL
      && ERR_GET_REASON(error) == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
    step.why = refusal::no_certificate;
  } else if (!session.complaint->empty()) {
    step.why = refusal::bad_certificate;
    step.detail = *session.complaint;
  } else if (auto* reason = ERR_reason_error_string(error)) {
    step.detail = reason;
  } else {
    step.detail = "the other side closed";
  }
  ERR_clear_error();
  return step;
}

} // namespace

outcome<tls_server> tls_server::make(const identity& core) {
  tls_server server;
  server.ctx_.reset(SSL_CTX_new(TLS_server_method()));
  auto* ctx = server.ctx_.get();
  if (ctx == nullptr
      || SSL_CTX_use_certificate_chain_file(ctx, core.certificate.c_str()) != 1
      || SSL_CTX_use_PrivateKey_file(ctx, core.key.c_str(), SSL_FILETYPE_PEM)
             != 1
      || SSL_CTX_load_verify_locations(ctx, core.ca.c_str(), nullptr) != 1) {
    ERR_clear_error();
    return problem{code::internal, "OpenSSL cannot use core.pem, core.key and "
                                   "ca.pem of .pki"};
  }
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET
                               | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(ctx, 0);
  SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE
                            | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                            | SSL_MODE_RELEASE_BUFFERS);
  // A chain of ours is a leaf and the CA; more is somebody's mischief.
  SSL_CTX_set_max_cert_list(ctx, 16 * 1024);
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     note_complaint);
  return server;
}

tls_session tls_server::accept(int fd) const {
  tls_session session{ssl_ptr{SSL_new(ctx_.get())},
                      std::make_unique<std::string>()};
  if (session.ssl) {
    SSL_set_app_data(session.ssl.get(), session.complaint.get());
    SSL_set_fd(session.ssl.get(), fd);
    SSL_set_accept_state(session.ssl.get());
  }
  return session;
}

handshake_step proceed(tls_session& session) {
  if (!session.ssl)
    return {handshake_step::bad, refusal::bad_tls, "out of memory"};
  ERR_clear_error();
  auto result = SSL_do_handshake(session.ssl.get());
  if (result == 1)
    return {handshake_step::good, {}, {}};
  switch (SSL_get_error(session.ssl.get(), result)) {
  case SSL_ERROR_WANT_READ:
    return {handshake_step::wants_read, {}, {}};
  case SSL_ERROR_WANT_WRITE:
    return {handshake_step::wants_write, {}, {}};
  default:
    return failure(session);
  }
}

std::string peer_name(const tls_session& session) {
  auto* cert = SSL_get0_peer_certificate(session.ssl.get());
  return cert != nullptr ? name_of(cert) : "";
}

std::string peer_serial(const tls_session& session) {
  auto* cert = SSL_get0_peer_certificate(session.ssl.get());
  return cert != nullptr ? serial_of(cert) : "";
}

} // namespace vigie
