#include "tests/remote/door_fixture.hpp"

using namespace vigie;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

/// Many bad connections, and one good node on the same address.
class SiegeTest : public door_fixture {
protected:
  ms worst_echo(tls_client& c, const std::atomic<bool>& over) {
    auto worst = 0ms;
    while (!over)
      worst = std::max(worst, time_of([&] { EXPECT_TRUE(echoes(c)); }));
    return worst;
  }
};

} // namespace

TEST_F(SiegeTest, GarbageDelaysNeitherWhoIsInNorWhoComes) {
  open();
  auto path = bundle_of("node-a");
  auto in = join(bundle_of("node-b"));
  ASSERT_TRUE(in);
  std::atomic<bool> over{false};
  std::thread besieger{[&] {
    for (int i = 0; i < 2'000; ++i)
      tls_client{port}.send_raw(byte_buffer(64, static_cast<std::byte>(i)));
    over = true;
  }};
  auto worst_join = 0ms;
  std::thread comer{[&] {
    do
      worst_join =
          std::max(worst_join, time_of([&] { EXPECT_TRUE(join(path)); }));
    while (!over);
  }};
  auto worst = worst_echo(*in, over);
  besieger.join();
  comer.join();
  EXPECT_LT(worst, 1s);
  EXPECT_LT(worst_join, 3s);
  EXPECT_TRUE(soon([&] { return gate->stats().accepted > 2'000; }));
}

TEST_F(SiegeTest, ACrowdOfSilentOnesKeepsNobodyOut) {
  open();
  std::vector<std::unique_ptr<tls_client>> crowd;
  for (int i = 0; i < 400; ++i)
    crowd.push_back(std::make_unique<tls_client>(port));
  EXPECT_LT(time_of([&] { EXPECT_TRUE(join(bundle_of("node-a"))); }), 2s);
  EXPECT_GT(refused(refusal::crowded), 100u);
}

TEST_F(SiegeTest, ACrowdThatBeginsAndStopsKeepsNobodyOut) {
  options.lobby.brisk = 200ms;
  options.lobby.most_guests = 32;
  options.lobby.limits.burst = 1'000;
  open();
  auto path = bundle_of("node-a");
  byte_buffer hello(6, std::byte{1});
  hello[0] = std::byte{22};
  hello[1] = std::byte{3};
  std::vector<std::unique_ptr<tls_client>> crowd;
  for (int i = 0; i < 40; ++i) {
    crowd.push_back(std::make_unique<tls_client>(port));
    crowd.back()->send_raw(hello);
  }
  ASSERT_TRUE(soon([&] { return gate->stats().accepted == 40; }));
  ::poll(nullptr, 0, 50); // their bytes are read: nobody is silent any more
  EXPECT_TRUE(soon([&] { return join(path) != nullptr; }, 2s));
}

TEST_F(SiegeTest, PeersThatVanishInMidSentenceEndThemselvesOnly) {
  open();
  auto path = bundle_of("node-a");
  auto stays = join(bundle_of("node-b"));
  ASSERT_TRUE(stays);
  for (int i = 0; i < 20; ++i) {
    std::unique_ptr<tls_client> c; // a place may be taken for a moment
    ASSERT_TRUE(soon([&] { return (c = join(path)) != nullptr; }));
    linger reset{i % 2, 0};
    ::setsockopt(c->fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    c->send(message_of(1u << 20)); // the echo of it finds nobody
  }
  EXPECT_TRUE(soon([&] { return gate->stats().joined_now == 1; }));
  EXPECT_TRUE(echoes(*stays));
}

TEST_F(SiegeTest, HandshakesWithoutCertificateAreSlowedAndAGoodOneComesIn) {
  options.lobby.limits.trickle_per_second = 10; // slower than any machine
  open();
  auto path = bundle_of("node-a");
  std::atomic<bool> over{false};
  std::thread besieger{[&] {
    while (!over)
      tls_client{port}.shake_hands({});
  }};
  EXPECT_TRUE(refused_soon(refusal::no_certificate, 12));
  EXPECT_LT(time_of([&] { EXPECT_TRUE(join(path)); }), 3s);
  over = true;
  besieger.join();
  EXPECT_GT(gate->stats().throttled, 0u);
}
