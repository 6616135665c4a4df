#pragma once

#include "remote/openssl_ptr.hpp"
#include "remote/unique_fd.hpp"
#include "tests/remote/basp_frames.hpp"

#include <openssl/err.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <ctime>
#include <filesystem>

namespace vigie {

/// SIGPIPE is kept from this thread for a moment and not from the process:
/// the door must bear it alone.
class no_sigpipe {
public:
  no_sigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &old_);
  }
  ~no_sigpipe() {
    timespec at_once{};
    sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &old_, nullptr);
  }

private:
  sigset_t pipe_, old_;
};

/// A blocking client whose reads and writes give up after `patience_ms`.
class tls_client {
public:
  explicit tls_client(uint16_t port, int patience_ms = 5'000)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    timeval t{patience_ms / 1'000, patience_ms % 1'000 * 1'000};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  bool connected() const { return connected_; }
  int fd() const { return fd_.get(); }

  /// Empty path: without a certificate. With TLS 1.3 this says nothing about
  /// what the server makes of it.
  bool shake_hands(const std::filesystem::path& bundle) {
    no_sigpipe guard;
    ctx_.reset(SSL_CTX_new(TLS_client_method()));
    if (!bundle.empty()) {
      SSL_CTX_use_certificate_chain_file(ctx_.get(), bundle.c_str());
      SSL_CTX_use_PrivateKey_file(ctx_.get(), bundle.c_str(), SSL_FILETYPE_PEM);
    }
    ssl_.reset(SSL_new(ctx_.get()));
    SSL_set_fd(ssl_.get(), fd_.get());
    auto good = SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
    return good;
  }
  bool send(const byte_buffer& bytes) {
    no_sigpipe guard;
    auto n =
        SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    ERR_clear_error();
    return n == static_cast<int>(bytes.size());
  }
  bool send_raw(const byte_buffer& bytes) {
    return ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL)
           == static_cast<ssize_t>(bytes.size());
  }
  /// Fewer than `n` when the other side closed or the patience ended.
  byte_buffer receive(std::size_t n) {
    byte_buffer all(n);
    std::size_t have = 0;
    while (have < n) {
      auto got =
          SSL_read(ssl_.get(), all.data() + have, static_cast<int>(n - have));
      if (got <= 0)
        break;
      have += static_cast<std::size_t>(got);
    }
    ERR_clear_error();
    all.resize(have);
    return all;
  }
  /// Whether the server hangs up; false when the patience ends first.
  bool sees_the_end() {
    char b[256];
    for (;;) {
      auto n = ::recv(fd_.get(), b, sizeof b, 0);
      if (n == 0 || (n < 0 && errno != EAGAIN))
        return true;
      if (n < 0)
        return false;
    }
  }

private:
  unique_fd fd_;
  bool connected_ = false;
  ssl_ctx_ptr ctx_;
  ssl_ptr ssl_;
};

} // namespace vigie
