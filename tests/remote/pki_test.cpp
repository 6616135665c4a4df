#include "remote/private_file.hpp"
#include "tests/remote/fixture.hpp"

#include <openssl/x509v3.h>

using namespace vigie;
using namespace std::chrono;
namespace fs = std::filesystem;

namespace {

class PkiTest : public pki_fixture {
protected:
  identity core() {
    auto made = provide_core(pki, now);
    EXPECT_TRUE(made) << made.why().detail;
    return made.value();
  }
  std::string serial(const fs::path& path) {
    return read_certificate(path).value().serial;
  }
};

int verified(const std::string& leaf_pem, const std::string& ca_pem) {
  auto leaf = cert_from(leaf_pem);
  auto ca = cert_from(ca_pem);
  auto* store = X509_STORE_new();
  X509_STORE_add_cert(store, ca.get());
  X509_STORE_set_flags(store, X509_V_FLAG_X509_STRICT);
  auto* ctx = X509_STORE_CTX_new();
  X509_STORE_CTX_init(ctx, store, leaf.get(), nullptr);
  X509_verify_cert(ctx);
  auto result = X509_STORE_CTX_get_error(ctx);
  X509_STORE_CTX_free(ctx);
  X509_STORE_free(store);
  return result;
}

} // namespace

TEST_F(PkiTest, TheChainHoldsUnderOpenSslsStrictRules) {
  auto id = core();
  EXPECT_EQ(verified(text_of(id.certificate), text_of(id.ca)), X509_V_OK);
}

TEST_F(PkiTest, ACertificateOfAnotherCaDoesNotHold) {
  auto id = core();
  auto other = provide_core(root / "other", now).value();
  EXPECT_NE(verified(text_of(other.certificate), text_of(id.ca)), X509_V_OK);
}

TEST_F(PkiTest, OnlyTheOwnerCanRead) {
  auto id = core();
  issue("node-a");
  EXPECT_EQ(mode_of(pki), 0700u);
  EXPECT_EQ(mode_of(pki / "peers"), 0700u);
  for (auto& path : {id.certificate, id.key, id.ca, pki / "ca.key",
                     pki / "peers/node-a.json"})
    EXPECT_EQ(mode_of(path), 0600u) << path;
}

TEST_F(PkiTest, LaterStartsGiveTheSameCertificate) {
  auto first = serial(core().certificate);
  now += days{600};
  EXPECT_EQ(serial(core().certificate), first);
}

TEST_F(PkiTest, TheCoreIsRenewedInItsLastThirtyDays) {
  auto first = serial(core().certificate);
  now += days{2 * 365 - 30};
  auto id = core();
  EXPECT_NE(serial(id.certificate), first);
  EXPECT_GT(read_certificate(id.certificate).value().expires_at,
            now + days{700});
}

TEST_F(PkiTest, TheCoreIsMadeAnewForANewCa) {
  auto first = serial(core().certificate);
  fs::remove(pki / "ca.pem");
  fs::remove(pki / "ca.key");
  auto id = core();
  EXPECT_NE(serial(id.certificate), first);
  EXPECT_EQ(verified(text_of(id.certificate), text_of(id.ca)), X509_V_OK);
}

TEST_F(PkiTest, ALostCaCertificateComesBackFromItsKey) {
  auto id = core();
  auto leaf = text_of(id.certificate);
  fs::remove(pki / "ca.pem");
  core();
  EXPECT_EQ(verified(leaf, text_of(pki / "ca.pem")), X509_V_OK);
}

TEST_F(PkiTest, AGarbledCaIsNeverReplacedInSilence) {
  core();
  std::ofstream{pki / "ca.key"} << "garbage";
  auto made = provide_core(pki, now);
  ASSERT_FALSE(made);
  EXPECT_NE(made.why().detail.find("ca.key"), std::string::npos);
}

TEST_F(PkiTest, ABundleCannotPlayTheServer) {
  auto fits = [](const std::string& pem, int purpose) {
    auto cert = cert_from(pem);
    return X509_check_purpose(cert.get(), purpose, 0) == 1;
  };
  auto core_pem = text_of(core().certificate);
  auto node_pem = issue("node-a").bundle;
  EXPECT_TRUE(fits(core_pem, X509_PURPOSE_SSL_SERVER));
  EXPECT_FALSE(fits(core_pem, X509_PURPOSE_SSL_CLIENT));
  EXPECT_TRUE(fits(node_pem, X509_PURPOSE_SSL_CLIENT));
  EXPECT_FALSE(fits(node_pem, X509_PURPOSE_SSL_SERVER));
}

TEST_F(PkiTest, SerialsDiffer) {
  EXPECT_NE(issue("node-a").who.serial, issue("node-a").who.serial);
}

TEST_F(PkiTest, NobodyOutlivesTheCa) {
  core();
  now += days{19 * 365};
  auto made = issue("node-a", 3650);
  EXPECT_EQ(made.who.expires_at,
            read_certificate(pki / "ca.pem").value().expires_at);
}
