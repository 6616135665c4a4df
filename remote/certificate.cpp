#include "remote/certificate.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

namespace vigie {

namespace {

bool extend(X509* cert, X509* issuer, int nid, const char* value) {
  X509V3_CTX ctx;
  X509V3_set_ctx(&ctx, issuer, cert, nullptr, nullptr, 0);
  auto* e = X509V3_EXT_conf_nid(nullptr, &ctx, nid, value);
  if (e == nullptr)
    return false;
  auto good = X509_add_ext(cert, e, -1) == 1;
  X509_EXTENSION_free(e);
  return good;
}

bool extend_all(X509* cert, X509* by, certificate_use use) {
  auto ca = use == certificate_use::authority;
  auto good = extend(cert, by, NID_basic_constraints,
                     ca ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE")
              && extend(cert, by, NID_key_usage,
                        ca ? "critical,keyCertSign,cRLSign"
                           : "critical,digitalSignature")
              && extend(cert, by, NID_subject_key_identifier, "hash");
  // A CA of an older vigie has no key identifier that one could point to.
  if (good && X509_get0_subject_key_id(by) != nullptr)
    good = extend(cert, by, NID_authority_key_identifier, "keyid");
  if (good && !ca)
    good = extend(cert, by, NID_ext_key_usage,
                  use == certificate_use::server ? "serverAuth" : "clientAuth");
  return good;
}

std::time_t seconds_of(utc_time t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

} // namespace

cert_ptr make_certificate(EVP_PKEY* key, const certificate_plan& plan,
                          X509* issuer, EVP_PKEY* ca_key) {
  cert_ptr cert{X509_new()};
  bn_ptr serial{BN_new()};
  if (!cert || !serial
      || BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) != 1)
    return nullptr;
  X509_set_version(cert.get(), X509_VERSION_3);
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert.get()));
  ASN1_TIME_set(X509_getm_notBefore(cert.get()), seconds_of(plan.from));
  ASN1_TIME_set(X509_getm_notAfter(cert.get()), seconds_of(plan.until));
  X509_set_pubkey(cert.get(), key);
  X509_NAME_add_entry_by_txt(
      X509_get_subject_name(cert.get()), "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(plan.name.c_str()), -1, -1, 0);
  auto* by = issuer != nullptr ? issuer : cert.get();
  X509_set_issuer_name(cert.get(), X509_get_subject_name(by));
  if (!extend_all(cert.get(), by, plan.use)
      || X509_sign(cert.get(), ca_key, EVP_sha256()) == 0)
    return nullptr;
  return cert;
}

std::string serial_of(const X509* cert) {
  bn_ptr n{ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), nullptr)};
  auto* digits = n ? BN_bn2hex(n.get()) : nullptr;
  std::string text = digits != nullptr ? digits : "";
  OPENSSL_free(digits);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string name_of(const X509* cert) {
  char name[128] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, name,
                            sizeof name);
  // Comes from outside and goes into the log: nothing that moves a cursor.
  std::string text = name;
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c == 127; },
      '?');
  return text;
}

utc_time end_of(const X509* cert) {
  std::tm t{};
  ASN1_TIME_to_tm(X509_get0_notAfter(cert), &t);
  return utc_time{std::chrono::seconds{::timegm(&t)}};
}

} // namespace vigie
