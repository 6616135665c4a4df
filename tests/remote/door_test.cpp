#include "tests/remote/door_fixture.hpp"

using namespace vigie;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {
class DoorTest : public door_fixture {};
} // namespace

TEST_F(DoorTest, AGoodBundlePassesBytesBothWays) {
  open();
  auto c = join(bundle_of("node-a"));
  ASSERT_TRUE(c);
  EXPECT_TRUE(echoes(*c));
  EXPECT_TRUE(logged("node-a joined from 127.0.0.1"));
  EXPECT_EQ(gate->stats().joined_now, 1u);
  EXPECT_EQ(gate->stats().bytes_in, 64u + 132u);
  EXPECT_TRUE(soon([&] { return gate->stats().bytes_out == 73 + 64 + 132; }));
  c.reset();
  EXPECT_TRUE(soon([&] { return gate->stats().joined_now == 0; }));
  EXPECT_TRUE(logged("node-a (127.0.0.1) left"));
}

TEST_F(DoorTest, BigMessagesArriveWhole) {
  open();
  auto c = join(bundle_of("node-a"));
  ASSERT_TRUE(c);
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(echoes(*c, 1u << 20));
}

TEST_F(DoorTest, NoCertificateIsRefused) {
  open();
  tls_client c{port};
  c.shake_hands({});
  EXPECT_TRUE(c.sees_the_end());
  EXPECT_TRUE(refused_soon(refusal::no_certificate));
  EXPECT_TRUE(logged("refused a connection from 127.0.0.1: no certificate"));
}

TEST_F(DoorTest, ACertificateOfAnotherCaIsRefused) {
  open();
  auto ours = pki;
  pki = root / "foreign";
  auto foreign = bundle_of("node-a");
  pki = ours;
  tls_client c{port};
  c.shake_hands(foreign);
  EXPECT_TRUE(c.sees_the_end());
  EXPECT_TRUE(refused_soon(refusal::bad_certificate));
}

TEST_F(DoorTest, ARevokedCertificateIsRefusedAndToldSinceWhen) {
  open();
  auto path = bundle_of("node-a");
  ASSERT_TRUE(reg().revoke("node-a"));
  EXPECT_FALSE(join(path));
  EXPECT_TRUE(refused_soon(refusal::not_registered));
  EXPECT_TRUE(logged("node-a: revoked since"));
}

TEST_F(DoorTest, ARevocationCutsAPeerThatHasJoined) {
  open();
  auto a = join(bundle_of("node-a")), b = join(bundle_of("node-b"));
  ASSERT_TRUE(a && b);
  ASSERT_TRUE(reg().revoke("node-a"));
  EXPECT_TRUE(a->sees_the_end());
  EXPECT_TRUE(refused_soon(refusal::withdrawn));
  EXPECT_TRUE(logged("node-a (127.0.0.1) was cut off: its certificate was "
                     "withdrawn or has expired (node-a: revoked since"));
  EXPECT_TRUE(echoes(*b));
}

TEST_F(DoorTest, AReplacedCertificateIsRefused) {
  open();
  auto old = issue("node-a").bundle;
  auto fresh = bundle_of("node-a");
  std::ofstream{root / "old.pem"} << old;
  EXPECT_FALSE(join(root / "old.pem"));
  EXPECT_TRUE(logged("shown by node-a"));
  EXPECT_TRUE(join(fresh));
}

TEST_F(DoorTest, AnExpiredCertificateIsRefused) {
  now -= days{10};
  auto path = bundle_of("node-a", 5);
  open();
  tls_client c{port};
  c.shake_hands(path);
  EXPECT_TRUE(c.sees_the_end());
  EXPECT_TRUE(refused_soon(refusal::bad_certificate));
  EXPECT_TRUE(logged("node-a: certificate has expired"));
}

TEST_F(DoorTest, GarbageIsSentAwayBeforeAnyHandshake) {
  open();
  tls_client c{port};
  c.send_raw(byte_buffer(500, std::byte{'G'}));
  EXPECT_TRUE(c.sees_the_end());
  EXPECT_TRUE(refused_soon(refusal::not_tls));
  tls_client alert{port};
  alert.send_raw({std::byte{21}, std::byte{3}, std::byte{1}, std::byte{0},
                  std::byte{2}, std::byte{1}});
  EXPECT_TRUE(refused_soon(refusal::not_tls, 2));
}

TEST_F(DoorTest, ASilentPeerIsSentAway) {
  options.lobby.patience = 200ms;
  open();
  tls_client c{port};
  EXPECT_TRUE(c.sees_the_end());
  EXPECT_TRUE(refused_soon(refusal::silent));
}

TEST_F(DoorTest, ADrippingHandshakeIsSentAway) {
  options.lobby.patience = 300ms;
  open();
  tls_client c{port, 50};
  byte_buffer hello(300, std::byte{1});
  hello[0] = std::byte{22};
  hello[1] = std::byte{3};
  hello[3] = std::byte{1};
  auto gone = 0ms;
  for (auto b : hello) {
    gone += 50ms;
    if (!c.send_raw({b}) || c.sees_the_end())
      break;
  }
  EXPECT_TRUE(refused_soon(refusal::slow));
  EXPECT_LT(gone, 2s);
}

TEST_F(DoorTest, AClaimOf200MegabytesIsCutOff) {
  open();
  auto c = join(bundle_of("node-a"));
  ASSERT_TRUE(c);
  c->send(header_of({2, 0, 200'000'000, 7, 8, 9}));
  EXPECT_TRUE(c->sees_the_end());
  EXPECT_TRUE(refused_soon(refusal::bad_frame));
  EXPECT_TRUE(logged("node-a (127.0.0.1) was cut off: broke the protocol of "
                     "workers (claims a message of 200000000 bytes"));
}

TEST_F(DoorTest, AnExitMessageNeverReachesTheActorSystem) {
  options.guard.messages = {hey_rule()};
  open();
  auto c = join(bundle_of("node-a"));
  ASSERT_TRUE(c);
  ASSERT_TRUE(echoes(*c));
  auto before = core->bytes.load();
  c->send(message_of(60, 0, "@<>+@exit"));
  EXPECT_TRUE(c->sees_the_end());
  EXPECT_TRUE(logged_soon("sends a message that is no worker's: @<>+@exit"));
  EXPECT_EQ(core->bytes, before);
}

TEST_F(DoorTest, TheHeaderThatEndsCafNeverReachesIt) {
  open();
  tls_client c{port};
  ASSERT_TRUE(c.shake_hands(bundle_of("node-a")));
  ASSERT_TRUE(is_greeted(c));
  c.send(header_of({1}));
  EXPECT_TRUE(c.sees_the_end());
  EXPECT_TRUE(refused_soon(refusal::bad_frame));
  EXPECT_EQ(core->bytes, 0u);
}

TEST_F(DoorTest, WhoJoinsAgainAndAgainHasToWait) {
  options.joins = {0.0001, 2};
  open();
  auto path = bundle_of("node-a");
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(join(path)) << i;
  EXPECT_FALSE(join(path));
  EXPECT_TRUE(refused_soon(refusal::hasty));
  EXPECT_TRUE(join(bundle_of("node-b"))) << "others do not";
}

TEST_F(DoorTest, NoMorePeersThanMayJoin) {
  options.max_peers = 4; // two of them for the server's own node
  open();
  auto path = bundle_of("node-c");
  auto a = join(bundle_of("node-a")), b = join(bundle_of("node-b"));
  ASSERT_TRUE(a && b);
  EXPECT_FALSE(join(path));
  EXPECT_TRUE(refused_soon(refusal::full));
  EXPECT_TRUE(join(bundle_of("local")));
  a.reset();
  EXPECT_TRUE(soon([&] { return join(path) != nullptr; }));
}

TEST_F(DoorTest, OneBundleHasFourPlacesAndItsOldestGoesFirst) {
  open();
  auto path = bundle_of("node-a");
  auto other = join(bundle_of("node-b"));
  std::vector<std::unique_ptr<tls_client>> all;
  for (int i = 0; i < 4; ++i)
    ASSERT_TRUE(all.emplace_back(join(path)));
  EXPECT_FALSE(join(path)) << "until the oldest is gone";
  EXPECT_TRUE(all[0]->sees_the_end());
  EXPECT_TRUE(refused_soon(refusal::replaced, 2));
  EXPECT_TRUE(soon([&] { return join(path) != nullptr; }));
  EXPECT_TRUE(echoes(*all[1]));
  EXPECT_TRUE(echoes(*other));
}

TEST_F(DoorTest, WhoShowsACertificateAndSaysNothingIsSentAway) {
  options.greet_in = 200ms;
  open();
  tls_client c{port};
  ASSERT_TRUE(c.shake_hands(bundle_of("node-a")));
  EXPECT_TRUE(c.sees_the_end());
  EXPECT_TRUE(logged_soon("node-a (127.0.0.1) was cut off: did not finish the "
                          "handshake in time (no BASP handshake)"));
  auto quiet = join(bundle_of("node-b"));
  ASSERT_TRUE(quiet);
  ::poll(nullptr, 0, 400);
  EXPECT_TRUE(echoes(*quiet)) << "who has greeted may be silent";
}

TEST_F(DoorTest, ANodeThatComesAgainGetsInWhenItsOldConnectionIsGone) {
  open();
  auto path = bundle_of("node-a");
  auto as = [&](const std::filesystem::path& bundle, int which) {
    auto c = std::make_unique<tls_client>(port);
    auto in = c->shake_hands(bundle) && is_greeted(*c)
              && c->send(client_hello(which))
              && c->receive(64) == client_hello(which);
    return in ? std::move(c) : nullptr;
  };
  auto old = as(path, 77);
  ASSERT_TRUE(old);
  EXPECT_FALSE(as(path, 77));
  EXPECT_TRUE(old->sees_the_end());
  EXPECT_TRUE(soon([&] { return as(path, 77) != nullptr; }));
}

TEST_F(DoorTest, NobodyTakesTheNodeIdOfAnotherPeer) {
  open();
  auto a = join(bundle_of("node-a")); // node 1
  ASSERT_TRUE(a);
  tls_client b{port};
  ASSERT_TRUE(b.shake_hands(bundle_of("node-b")) && is_greeted(b));
  b.send(client_hello(1));
  EXPECT_TRUE(b.sees_the_end());
  EXPECT_TRUE(logged_soon("(has the node id of another peer)"));
  EXPECT_TRUE(echoes(*a));
  std::string id(32, '\1');
  EXPECT_EQ(gate->roll()->serial_of(id),
            peer_from_json(text_of(pki / "peers" / "node-a.json"))->serial);
  a.reset();
  EXPECT_TRUE(soon([&] { return gate->roll()->serial_of(id).empty(); }));
}

TEST_F(DoorTest, WhoAsksTooFastIsHeardAtThePaceThatIsAllowed) {
  options.pace = {100, 10};
  open();
  auto c = join(bundle_of("node-a"));
  ASSERT_TRUE(c);
  byte_buffer many;
  for (int i = 0; i < 2'000; ++i) // parts of 16 KiB: 150 of them each
    many = many + message_of(78);
  std::thread writer{[&] { c->send(many); }};
  auto took = time_of([&] { EXPECT_EQ(c->receive(60 * 110).size(), 6'600u); });
  EXPECT_LT(took, 1s) << "the burst is not held back";
  took = time_of([&] { c->receive(300 * 110); });
  EXPECT_GT(took, 1s);
  gate->stop();
  writer.join();
}

TEST_F(DoorTest, WhoTakesNoAnswersIsNotHeard) {
  open();
  tls_client c{port, 300};
  ASSERT_TRUE(c.shake_hands(bundle_of("node-a")));
  ASSERT_TRUE(is_greeted(c) && c.send(client_hello()));
  auto sent = 0;
  while (sent < 100 && c.send(message_of(1u << 20)))
    ++sent; // the echo would take them all
  EXPECT_LT(sent, 20);
}

TEST_F(DoorTest, WithoutTheActorSystemItSaysSo) {
  open_without_core();
  EXPECT_FALSE(join(bundle_of("node-a")));
  EXPECT_TRUE(refused_soon(refusal::no_core));
}

TEST_F(DoorTest, APathThatNoSocketCanHaveIsToldAtOnce) {
  options.core = provide_core(pki, now).value();
  options.core_socket = root / std::string(100, 'x');
  EXPECT_FALSE(door(options, peers).start());
}

TEST_F(DoorTest, APortInUseIsNamed) {
  open();
  options.port = port;
  auto second = door(options, peers).start();
  ASSERT_FALSE(second);
  EXPECT_NE(second.why().detail.find(std::to_string(port)), std::string::npos);
}

TEST_F(DoorTest, WhoDoesNotReadStopsWhoWrites) {
  open(false);
  tls_client c{port, 300};
  ASSERT_TRUE(c.shake_hands(bundle_of("node-a")));
  ASSERT_TRUE(is_greeted(c));
  ASSERT_TRUE(c.send(client_hello()));
  auto sent = 0;
  while (sent < 100 && c.send(message_of(1u << 20)))
    ++sent;
  EXPECT_LT(sent, 20) << "the door took it all";
}

TEST_F(DoorTest, StoppingEndsEverybody) {
  open();
  auto a = join(bundle_of("node-a"));
  tls_client silent{port};
  ASSERT_TRUE(a);
  EXPECT_LT(time_of([&] { gate->stop(); }), 1s);
  EXPECT_TRUE(a->sees_the_end());
  EXPECT_TRUE(silent.sees_the_end());
  EXPECT_FALSE(tls_client{port}.connected());
  gate->stop();
}
