#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace vigie {

/// Frees what OpenSSL made.
template <auto F>
struct openssl_freer {
  template <class T>
  void operator()(T* x) const {
    F(x);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, openssl_freer<EVP_PKEY_free>>;
using cert_ptr = std::unique_ptr<X509, openssl_freer<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, openssl_freer<BIO_free_all>>;
using bn_ptr = std::unique_ptr<BIGNUM, openssl_freer<BN_free>>;
using digest_ptr = std::unique_ptr<EVP_MD_CTX, openssl_freer<EVP_MD_CTX_free>>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, openssl_freer<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, openssl_freer<SSL_free>>;

/// Reads from `text`, which must outlive it.
inline bio_ptr reading(std::string_view text) {
  return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

/// What `write(BIO*)` wrote; empty when it failed.
std::string written(auto write) {
  bio_ptr out{BIO_new(BIO_s_mem())};
  if (!out || write(out.get()) != 1)
    return {};
  char* at = nullptr;
  auto n = BIO_get_mem_data(out.get(), &at);
  return {at, static_cast<std::size_t>(n)};
}

inline cert_ptr cert_from(std::string_view pem) {
  return cert_ptr{
      PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr)};
}

inline key_ptr key_from(std::string_view pem) {
  return key_ptr{
      PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, nullptr, nullptr)};
}

} // namespace vigie
