#include "remote/bundle.hpp"
#include "remote/peer_view.hpp"
#include "tests/remote/fixture.hpp"

using namespace vigie;
using namespace std::chrono;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

class RegisterTest : public pki_fixture {
protected:
  std::string token(const issued_peer& made) {
    auto path = root / "some.pem";
    std::ofstream{path} << made.bundle;
    return read_bundle(path, now).value().token;
  }
};

std::string why(const outcome<peer>& x) {
  return x ? "passes" : x.why().detail;
}

} // namespace

TEST_F(RegisterTest, AnIssuedPeerPassesBySerialAndByToken) {
  auto made = issue("node-a");
  peer_view v{pki, [this] { return now; }, 0ms};
  EXPECT_EQ(v.by_serial(made.who.serial).value().name, "node-a");
  EXPECT_EQ(v.by_token(token(made)).value().name, "node-a");
  EXPECT_FALSE(v.by_token("")) << "an empty token opens nothing";
  EXPECT_FALSE(v.by_serial(""));
}

TEST_F(RegisterTest, ARevokedPeerIsToldSinceWhen) {
  auto made = issue("node-a");
  auto secret = token(made);
  peer_view v{pki, [this] { return now; }, 0ms};
  ASSERT_TRUE(v.by_serial(made.who.serial));
  now = *parse_time("2030-01-02T03:04:05Z");
  ASSERT_TRUE(reg().revoke("node-a"));
  EXPECT_EQ(why(v.by_serial(made.who.serial)),
            "node-a: revoked since 2030-01-02T03:04:05Z");
  EXPECT_EQ(why(v.by_token(secret)),
            "node-a: revoked since 2030-01-02T03:04:05Z");
}

TEST_F(RegisterTest, ASecondRevocationKeepsTheFirstDate) {
  issue("node-a");
  auto first = reg().revoke("node-a").value().revoked_at;
  now += hours{1};
  EXPECT_EQ(reg().revoke("node-a").value().revoked_at, first);
}

TEST_F(RegisterTest, AnExpiredPeerIsToldWhen) {
  now = *parse_time("2030-01-01T00:00:00Z");
  auto made = issue("node-a", 10);
  peer_view v{pki, [this] { return now; }, 0ms};
  now += days{10};
  EXPECT_EQ(why(v.by_serial(made.who.serial)),
            "node-a: expired at 2030-01-11T00:00:00Z");
}

TEST_F(RegisterTest, ANewIssueKillsTheOldSerialAndToken) {
  auto old = issue("node-a");
  EXPECT_FALSE(old.replaced);
  peer_view v{pki, [this] { return now; }, 0ms};
  auto fresh = issue("node-a");
  EXPECT_TRUE(fresh.replaced);
  EXPECT_NE(why(v.by_serial(old.who.serial)).find("replaced"),
            std::string::npos);
  EXPECT_FALSE(v.by_token(token(old)));
  EXPECT_TRUE(v.by_serial(fresh.who.serial));
}

TEST_F(RegisterTest, AGarbledFileLetsNobodyIn) {
  auto made = issue("node-a");
  issue("node-b");
  peer_view v{pki, [this] { return now; }, 0ms};
  ASSERT_TRUE(v.by_serial(made.who.serial));
  std::ofstream{pki / "peers/node-a.json"} << "{\"name\":\"node-a\"";
  EXPECT_FALSE(v.by_serial(made.who.serial));
  auto all = reg().list().value();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].state, "unreadable");
  EXPECT_EQ(all[1].state, "valid");
  EXPECT_FALSE(reg().revoke("node-a"));
}

TEST_F(RegisterTest, ACopyUnderAnotherNameDoesNotBringAPeerBack) {
  auto made = issue("node-a");
  fs::copy(pki / "peers/node-a.json", pki / "peers/a.json");
  ASSERT_TRUE(reg().revoke("node-a"));
  peer_view v{pki, [this] { return now; }, 0ms};
  EXPECT_FALSE(v.by_serial(made.who.serial));
}

TEST_F(RegisterTest, ARemovedFolderLetsNobodyIn) {
  auto made = issue("node-a");
  peer_view v{pki, [this] { return now; }, 0ms};
  ASSERT_TRUE(v.by_serial(made.who.serial));
  fs::remove_all(pki);
  EXPECT_FALSE(v.by_serial(made.who.serial));
}

TEST_F(RegisterTest, AViewLooksNoMoreOftenThanItIsTold) {
  auto made = issue("node-a");
  peer_view v{pki, [this] { return now; }, 1h};
  ASSERT_TRUE(v.by_serial(made.who.serial));
  ASSERT_TRUE(reg().revoke("node-a"));
  EXPECT_TRUE(v.by_serial(made.who.serial));
}

TEST_F(RegisterTest, TheLastThirtyDaysAreCounted) {
  issue("node-a", 60);
  auto state = [&] { return reg().list().value()[0].state; };
  EXPECT_EQ(state(), "valid");
  now += days{31};
  EXPECT_EQ(state(), "expires in 28 days");
  now += days{29};
  EXPECT_EQ(state(), "expired");
}

TEST_F(RegisterTest, NamesThatWouldLeaveTheFolderAreRefused) {
  for (auto* name : {"", "../x", "-a", "A", "a.b", "a/b"})
    EXPECT_FALSE(reg().issue(name, peer_role::node, days{1})) << name;
  EXPECT_FALSE(good_peer_name(std::string(64, 'a')));
  EXPECT_TRUE(good_peer_name(std::string(63, 'a')));
}
