#include "remote/pki.hpp"

#include "remote/certificate.hpp"
#include "remote/private_file.hpp"

#include <openssl/ec.h>

#include <algorithm>

namespace vigie {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono;

constexpr auto ca_life = days{20 * 365};
constexpr auto core_life = days{2 * 365};
/// Clocks of other machines may be behind ours.
constexpr auto clock_slack = hours{1};

problem no_crypto() {
  return {code::internal, "OpenSSL cannot make a certificate"};
}

std::string pem_of(X509* cert) {
  return written([&](BIO* out) { return PEM_write_bio_X509(out, cert); });
}

std::string pem_of(EVP_PKEY* key) {
  return written([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr,
                                    nullptr);
  });
}

outcome<done> make_ca(const fs::path& dir, utc_time now) {
  // A key alone is what a killed first start left, or a lost certificate:
  // with the same key and name, what it signed stays good.
  auto old = read_small(dir / "ca.key");
  auto key = old ? key_from(old.value()) : nullptr;
  if (!key)
    key.reset(EVP_EC_gen("P-256"));
  auto plan = certificate_plan{"vigie worker network", now - clock_slack,
                               now + ca_life, certificate_use::authority};
  auto cert =
      key ? make_certificate(key.get(), plan, nullptr, key.get()) : nullptr;
  if (!cert)
    return no_crypto();
  if (auto saved = write_private(dir / "ca.key", pem_of(key.get())); !saved)
    return saved;
  return write_private(dir / "ca.pem", pem_of(cert.get()));
}

/// The core's certificate is kept while it is ours and has time left.
bool still_good(const fs::path& dir, const authority& ca, utc_time now) {
  auto pem = read_small(dir / "core.pem");
  auto key_pem = read_small(dir / "core.key");
  if (!pem || !key_pem)
    return false;
  auto cert = cert_from(pem.value());
  auto key = key_from(key_pem.value());
  return cert && key && X509_check_private_key(cert.get(), key.get()) == 1
         && ca.signed_by_us(pem.value())
         && end_of(cert.get()) > now + renewal_margin;
}

} // namespace

outcome<authority> authority::open(const fs::path& dir, utc_time now) {
  std::error_code ignored;
  auto cert = fs::exists(dir / "ca.pem", ignored);
  if (!cert)
    if (auto made = make_ca(dir, now); !made)
      return made.why();
  auto pem = read_small(dir / "ca.pem");
  auto key = read_small(dir / "ca.key");
  if (!pem || !key)
    return pem ? key.why() : pem.why();
  authority ca;
  ca.pem_ = std::move(pem).value();
  ca.cert_ = cert_from(ca.pem_);
  ca.key_ = key_from(key.value());
  if (!ca.cert_ || !ca.key_
      || X509_check_private_key(ca.cert_.get(), ca.key_.get()) != 1)
    return problem{code::internal, "ca.pem and ca.key do not fit together; "
                                   "restore them, or remove .pki and issue "
                                   "every certificate anew"};
  if (end_of(ca.cert_.get()) <= now)
    return problem{code::internal,
                   "ca.pem has expired; remove .pki and issue every "
                   "certificate anew"};
  return ca;
}

outcome<signed_certificate> authority::sign(const std::string& name, days valid,
                                            utc_time now,
                                            certificate_use use) const {
  key_ptr key{EVP_EC_gen("P-256")};
  auto until = std::min(now + valid, end_of(cert_.get()));
  auto cert =
      key ? make_certificate(key.get(), {name, now - clock_slack, until, use},
                             cert_.get(), key_.get())
          : nullptr;
  if (!cert)
    return no_crypto();
  return signed_certificate{pem_of(cert.get()), pem_of(key.get()),
                            serial_of(cert.get()), end_of(cert.get())};
}

bool authority::signed_by_us(const std::string& pem) const {
  auto cert = cert_from(pem);
  auto* ours = X509_get0_pubkey(cert_.get());
  return cert && X509_verify(cert.get(), ours) == 1;
}

outcome<identity> provide_core(const fs::path& dir, utc_time now) {
  auto lock = lock_private(dir);
  if (!lock)
    return lock.why();
  auto ca = authority::open(dir, now);
  if (!ca)
    return ca.why();
  auto mine = identity{dir / "core.pem", dir / "core.key", dir / "ca.pem"};
  if (still_good(dir, ca.value(), now))
    return mine;
  auto fresh = ca.value().sign("core", core_life, now, certificate_use::server);
  if (!fresh)
    return fresh.why();
  if (auto saved = write_private(mine.key, fresh.value().key); !saved)
    return saved.why();
  if (auto saved = write_private(mine.certificate, fresh.value().certificate);
      !saved)
    return saved.why();
  return mine;
}

outcome<certificate_facts> read_certificate(const fs::path& path) {
  auto pem = read_small(path);
  if (!pem)
    return pem.why();
  auto cert = cert_from(pem.value());
  if (!cert)
    return problem{code::internal,
                   path.filename().string() + ": holds no certificate"};
  return certificate_facts{name_of(cert.get()), serial_of(cert.get()),
                           end_of(cert.get())};
}

} // namespace vigie
