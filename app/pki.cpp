#include "app/pki.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <sys/stat.h>

#include <cstdio>
#include <memory>

namespace vigie {

namespace {

namespace fs = std::filesystem;

template <auto F>
struct freer {
  template <class T>
  void operator()(T* x) const {
    F(x);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freer<EVP_PKEY_free>>;
using cert_ptr = std::unique_ptr<X509, freer<X509_free>>;
using file_ptr = std::unique_ptr<FILE, freer<std::fclose>>;

constexpr long ten_years = 10L * 365 * 24 * 3600;

file_ptr open_private(const fs::path& path) {
  auto old = ::umask(0077);
  file_ptr f{std::fopen(path.c_str(), "w")};
  ::umask(old);
  return f;
}

bool save(const fs::path& path, auto write) {
  auto temp = path;
  temp += ".new";
  {
    auto f = open_private(temp);
    if (!f || !write(f.get()) || std::fflush(f.get()) != 0)
      return false;
  }
  std::error_code failed;
  fs::rename(temp, path, failed);
  return !failed;
}

key_ptr read_key(const fs::path& path) {
  file_ptr f{std::fopen(path.c_str(), "r")};
  return key_ptr{f ? PEM_read_PrivateKey(f.get(), nullptr, nullptr, nullptr)
                   : nullptr};
}

cert_ptr read_cert(const fs::path& path) {
  file_ptr f{std::fopen(path.c_str(), "r")};
  return cert_ptr{f ? PEM_read_X509(f.get(), nullptr, nullptr, nullptr)
                    : nullptr};
}

void extend(X509* cert, X509* issuer, int nid, const char* value) {
  X509V3_CTX ctx;
  X509V3_set_ctx(&ctx, issuer, cert, nullptr, nullptr, 0);
  if (auto* e = X509V3_EXT_conf_nid(nullptr, &ctx, nid, value)) {
    X509_add_ext(cert, e, -1);
    X509_EXTENSION_free(e);
  }
}

/// A certificate for `key`, signed by `ca_key`; `issuer` null: self-signed CA.
cert_ptr issue(EVP_PKEY* key, const std::string& name, X509* issuer,
               EVP_PKEY* ca_key) {
  cert_ptr cert{X509_new()};
  X509_set_version(cert.get(), 2);
  std::unique_ptr<BIGNUM, freer<BN_free>> serial{BN_new()};
  BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert.get()));
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), ten_years);
  X509_set_pubkey(cert.get(), key);
  auto* subject = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(
      subject, "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  auto* by = issuer ? issuer : cert.get();
  X509_set_issuer_name(cert.get(), X509_get_subject_name(by));
  extend(cert.get(), by, NID_basic_constraints,
         issuer ? "critical,CA:FALSE" : "critical,CA:TRUE,pathlen:0");
  extend(cert.get(), by, NID_key_usage,
         issuer ? "critical,digitalSignature" : "critical,keyCertSign,cRLSign");
  if (X509_sign(cert.get(), ca_key, EVP_sha256()) == 0)
    return nullptr;
  return cert;
}

bool provide(const fs::path& cert_file, const fs::path& key_file,
             const std::string& name, X509* issuer, EVP_PKEY* ca_key) {
  if (fs::exists(cert_file) && fs::exists(key_file))
    return true;
  key_ptr key{EVP_EC_gen("P-256")};
  if (!key)
    return false;
  auto cert = issue(key.get(), name, issuer, ca_key ? ca_key : key.get());
  return cert
         && save(key_file,
                 [&](FILE* f) {
                   return PEM_write_PrivateKey(f, key.get(), nullptr, nullptr,
                                               0, nullptr, nullptr);
                 })
         && save(cert_file,
                 [&](FILE* f) { return PEM_write_X509(f, cert.get()); });
}

} // namespace

outcome<identity> provide_identity(const fs::path& dir,
                                   const std::string& name) {
  std::error_code failed;
  fs::create_directories(dir, failed);
  fs::permissions(dir, fs::perms::owner_all, failed);
  auto bad = problem{code::internal, "Cannot make the certificates of the "
                                     "worker network"};
  auto ca = dir / "ca.pem";
  if (!provide(ca, dir / "ca.key", "vigie worker network", nullptr, nullptr))
    return bad;
  auto ca_cert = read_cert(ca);
  auto ca_key = read_key(dir / "ca.key");
  auto mine = identity{dir / (name + ".pem"), dir / (name + ".key"), ca};
  if (!ca_cert || !ca_key
      || !provide(mine.certificate, mine.key, name, ca_cert.get(),
                  ca_key.get()))
    return bad;
  return mine;
}

} // namespace vigie
