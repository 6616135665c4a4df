#include "remote/bundle.hpp"
#include "remote/peer_view.hpp"
#include "tests/remote/fixture.hpp"

#include <openssl/ssl.h>

using namespace vigie;
using namespace std::chrono;
namespace fs = std::filesystem;

namespace {

class BundleTest : public pki_fixture {
protected:
  std::string complaint(const fs::path& path) {
    auto b = read_bundle(path, now);
    return b ? "fine" : b.why().detail;
  }
  bundle local() {
    auto b = provide_local(pki, [this] { return now; });
    EXPECT_TRUE(b) << b.why().detail;
    return b.value();
  }
};

} // namespace

TEST_F(BundleTest, ComesBackAsItWasIssued) {
  auto made = issue("node-a");
  std::ofstream{root / "a.pem"} << made.bundle;
  auto b = read_bundle(root / "a.pem", now);
  ASSERT_TRUE(b) << b.why().detail;
  EXPECT_EQ(b.value().name, "node-a");
  EXPECT_EQ(b.value().expires_at, made.who.expires_at);
  EXPECT_EQ(b.value().token.size(), 64u);
  EXPECT_EQ(sha256_hex_of(b.value().token), made.who.token_sha256);
}

TEST_F(BundleTest, OpenSslTakesTheOneFileForAllThree) {
  auto path = bundle_of("node-a");
  ssl_ctx_ptr ctx{SSL_CTX_new(TLS_method())};
  EXPECT_EQ(SSL_CTX_use_certificate_chain_file(ctx.get(), path.c_str()), 1);
  EXPECT_EQ(
      SSL_CTX_use_PrivateKey_file(ctx.get(), path.c_str(), SSL_FILETYPE_PEM),
      1);
  EXPECT_EQ(SSL_CTX_load_verify_locations(ctx.get(), path.c_str(), nullptr), 1);
  EXPECT_EQ(SSL_CTX_check_private_key(ctx.get()), 1);
}

TEST_F(BundleTest, WhatIsMissingIsNamed) {
  EXPECT_NE(complaint(root / "no.pem").find("no.pem: no such bundle"),
            std::string::npos);
  auto whole = issue("node-a").bundle;
  auto without = [&](const char* from) {
    std::ofstream{root / "x.pem"} << whole.substr(0, whole.find(from));
    return complaint(root / "x.pem");
  };
  EXPECT_NE(without("-----BEGIN VIGIE").find("no join token"),
            std::string::npos);
  EXPECT_NE(without("-----BEGIN PRIVATE").find("no private key"),
            std::string::npos);
  EXPECT_NE(without("-----BEGIN").find("no certificate"), std::string::npos);
}

TEST_F(BundleTest, AKeyOfAnotherPeerDoesNotFit) {
  auto a = issue("node-a").bundle, b = issue("node-b").bundle;
  auto begin = [](auto& x) { return x.find("-----BEGIN PRIVATE"); };
  std::ofstream{root / "x.pem"} << a.substr(0, begin(a)) << b.substr(begin(b));
  EXPECT_NE(complaint(root / "x.pem").find("do not fit"), std::string::npos);
}

TEST_F(BundleTest, AnExpiredOneSaysSo) {
  auto path = bundle_of("node-a", 5);
  now += days{5};
  EXPECT_NE(complaint(path).find("node-a.pem: expired at"), std::string::npos);
}

TEST_F(BundleTest, TheLocalOneIsMadeOnceAndRegistered) {
  auto first = local();
  EXPECT_EQ(mode_of(pki / "local.pem"), 0600u);
  EXPECT_EQ(local().token, first.token);
  peer_view v{pki, [this] { return now; }};
  EXPECT_EQ(v.by_token(first.token).value().name, "local");
}

TEST_F(BundleTest, TheLocalOneIsRenewedWhenNearItsEndRevokedOrGarbled) {
  auto token = local().token;
  now += days{2 * 365 - 29};
  EXPECT_NE(local().token, token);
  token = local().token;
  ASSERT_TRUE(reg().revoke("local"));
  EXPECT_NE(local().token, token);
  std::ofstream{pki / "local.pem"} << "-----BEGIN CERTIFICATE-----\n";
  EXPECT_EQ(local().name, "local");
}

TEST_F(BundleTest, TheLocalOneIsMadeAnewForANewCa) {
  auto token = local().token;
  fs::remove(pki / "ca.pem");
  fs::remove(pki / "ca.key");
  EXPECT_NE(local().token, token);
}
