#include "remote/bundle.hpp"

#include "domain/hex.hpp"
#include "remote/certificate.hpp"
#include "remote/peer_register.hpp"
#include "remote/peer_view.hpp"
#include "remote/private_file.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr auto token_label = "VIGIE JOIN TOKEN";
constexpr std::size_t token_bytes = 32;
constexpr auto local_life = std::chrono::days{2 * 365};

std::string bytes_of_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

std::string token_pem(const std::string& token) {
  auto bytes = bytes_of_hex(token);
  return written([&](BIO* out) {
    auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    return PEM_write_bio(out, token_label, "", data,
                         static_cast<long>(bytes.size()))
                   > 0
               ? 1
               : 0;
  });
}

/// The token block of the file, in hex; empty: there is none.
std::string token_in(const std::string& text) {
  auto in = reading(text);
  std::string token;
  char *label = nullptr, *head = nullptr;
  unsigned char* data = nullptr;
  long n = 0;
  while (token.empty()
         && PEM_read_bio(in.get(), &label, &head, &data, &n) == 1) {
    if (std::string{label} == token_label && n == long{token_bytes})
      token = hex(data, token_bytes);
    OPENSSL_free(label);
    OPENSSL_free(head);
    OPENSSL_free(data);
  }
  ERR_clear_error();
  return token;
}

/// The last certificate of the file: the CA.
cert_ptr ca_in(const std::string& text) {
  auto in = reading(text);
  cert_ptr last;
  while (auto* next = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr))
    last.reset(next);
  ERR_clear_error();
  return last;
}

} // namespace

std::string bundle_text(const peer& who, const signed_certificate& cert,
                        const std::string& ca_pem, const std::string& token) {
  return "# vigie: lets its holder join the worker network. Keep it secret.\n"
         "# name: "
         + who.name + "\n# role: " + std::string{role_name(who.role)}
         + "\n# expires: " + rfc3339(who.expires_at) + "\n" + cert.certificate
         + cert.key + ca_pem + token_pem(token);
}

outcome<bundle> read_bundle(const fs::path& path, utc_time now) {
  auto bad = [&](const std::string& why) {
    return problem{code::bad_request, path.string() + ": " + why};
  };
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    return bad("no such bundle; `vigied cert NAME` makes one");
  auto text = read_small(path);
  if (!text)
    return bad("cannot be read");
  auto& pem = text.value();
  auto leaf = cert_from(pem);
  auto key = key_from(pem);
  auto ca = ca_in(pem);
  auto token = token_in(pem);
  if (!leaf || !key || !ca || token.empty())
    return bad(std::string{"is garbled: "}
               + (!leaf  ? "no certificate"
                  : !key ? "no private key"
                  : !ca  ? "no CA certificate"
                         : "no join token"));
  if (X509_check_private_key(leaf.get(), key.get()) != 1)
    return bad("is garbled: certificate and key do not fit together");
  if (X509_verify(leaf.get(), X509_get0_pubkey(ca.get())) != 1
      || X509_check_ca(ca.get()) == 0)
    return bad("is garbled: certificate and CA do not fit together");
  auto end = end_of(leaf.get());
  if (end <= now)
    return bad("expired at " + rfc3339(end)
               + "; `vigied cert NAME` makes a new one");
  return bundle{{path, path, path}, token, name_of(leaf.get()), end};
}

outcome<bundle> provide_local(const fs::path& pki,
                              const std::function<utc_time()>& now) {
  auto path = pki / "local.pem";
  auto old = read_bundle(path, now());
  if (old && old.value().expires_at > now() + renewal_margin) {
    peer_view known{pki, now};
    auto text = read_small(path);
    auto ca = read_small(pki / "ca.pem");
    auto ours =
        ca && text && text.value().find(ca.value()) != std::string::npos;
    if (ours && known.by_token(old.value().token))
      return old;
  }
  auto made =
      peer_register{pki, now}.issue(local_name, peer_role::node, local_life);
  if (!made)
    return made.why();
  auto saved = write_private(path, made.value().bundle);
  if (!saved)
    return saved.why();
  return read_bundle(path, now());
}

} // namespace vigie
