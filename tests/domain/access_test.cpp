#include "domain/access.hpp"
#include "domain/network.hpp"
#include "domain/rate_limit.hpp"

#include <gtest/gtest.h>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

TEST(AccessTest, BelowTheApiEverythingNeedsSomething) {
  EXPECT_EQ(need_of("GET", "/"), need::nothing);
  EXPECT_EQ(need_of("GET", "/livez"), need::nothing);
  EXPECT_EQ(need_of("GET", "/api/v1/health"), need::nothing);
  EXPECT_EQ(need_of("GET", "/metrics"), need::read);
  EXPECT_EQ(need_of("HEAD", "/api/v1/anything"), need::read);
  EXPECT_EQ(need_of("POST", "/api/v1/anything"), need::act);
  EXPECT_EQ(need_of("DELETE", "/api/v1/anything"), need::manage);
  EXPECT_EQ(need_of("BREW", "/api/v1/anything"), need::manage);
  EXPECT_EQ(need_of("DELETE", "/api/v1/session"), need::read);
}

TEST(AccessTest, ATokenEndsInTheSecondItSays) {
  token_facts t;
  t.expires_at = utc_time{100s};
  EXPECT_EQ(state_of(t, utc_time{99s}), "valid");
  EXPECT_EQ(state_of(t, utc_time{100s}), "expired");
  t.revoked_at = utc_time{1s};
  EXPECT_EQ(state_of(t, utc_time{99s}), "revoked");
}

TEST(AccessTest, ANameIsAWord) {
  EXPECT_TRUE(valid_token_name("claire.martin-2"));
  for (auto bad : {"", ".x", "-x", "a b", "a/b", "é"})
    EXPECT_FALSE(valid_token_name(bad)) << bad;
  EXPECT_FALSE(valid_token_name(std::string(65, 'a')));
}

TEST(NetworkTest, AddressesOfBothKindsAreHeldByTheirNetworks) {
  auto holds = [](const char* net, const char* ip) {
    return parse_network(net)->holds(*parse_ip(ip));
  };
  EXPECT_TRUE(holds("10.0.0.0/8", "10.200.3.4"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.1.2.3")) << "the same address";
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_FALSE(holds("192.0.2.1", "192.0.2.2"));
  for (auto bad : {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "x", "1.2.3",
                   "::1/129", "1.2.3.4:80"})
    EXPECT_FALSE(parse_network(bad)) << bad;
}

TEST(NetworkTest, OnlyWhatOurProxiesSaidIsBelieved) {
  std::vector<network> ours{*parse_network("127.0.0.1"),
                            *parse_network("10.0.0.0/8")};
  auto client = [&](const char* peer, const char* forwarded) {
    return client_behind(*parse_ip(peer), forwarded, ours);
  };
  EXPECT_EQ(client("192.0.2.7", "203.0.113.9"), *parse_ip("192.0.2.7"));
  EXPECT_EQ(client("127.0.0.1", "203.0.113.9"), *parse_ip("203.0.113.9"));
  EXPECT_EQ(client("127.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2"),
            *parse_ip("203.0.113.9"))
      << "1.1.1.1 is what the client wrote";
  EXPECT_EQ(client("127.0.0.1", "garbage"), *parse_ip("127.0.0.1"));
  EXPECT_EQ(client("127.0.0.1", ""), *parse_ip("127.0.0.1"));
}

TEST(NetworkTest, LoopbackIsWhatOthersCannotReach) {
  for (auto host : {"127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
  for (auto host : {"0.0.0.0", "::", "192.168.1.2", "host.example", ""})
    EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(NetworkTest, AnIpv6SubscriberCountsOnce) {
  EXPECT_EQ(counting_key(*parse_ip("2001:db8:1:2:3::1")),
            counting_key(*parse_ip("2001:db8:1:2:ffff::9")));
  EXPECT_NE(counting_key(*parse_ip("2001:db8:1:3::1")),
            counting_key(*parse_ip("2001:db8:1:2::1")));
  EXPECT_NE(counting_key(*parse_ip("192.0.2.1")),
            counting_key(*parse_ip("192.0.2.2")));
}

TEST(RateLimitTest, ABurstThenTheRate) {
  rate_limit limit{{2, 3}};
  auto t = rate_limit::instant{};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(limit.take("a", t), 0s);
  EXPECT_EQ(limit.take("a", t), 1s);
  EXPECT_EQ(limit.take("b", t), 0s) << "each key has its own";
  EXPECT_EQ(limit.take("a", t + 499ms), 1s);
  EXPECT_EQ(limit.take("a", t + 500ms), 0s);
  EXPECT_EQ(limit.take("a", t + 500ms), 1s);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(limit.take("a", t + 1h), 0s) << "never more than the burst";
  EXPECT_EQ(limit.take("a", t + 1h), 1s);
}

TEST(RateLimitTest, MemoryIsBoundedAndTheBusyAreNotForgotten) {
  rate_limit limit{{1, 1}, 100};
  auto t = rate_limit::instant{};
  EXPECT_EQ(limit.take("busy", t), 0s);
  for (int i = 0; i < 1'000; ++i) {
    limit.take(std::to_string(i), t);
    EXPECT_EQ(limit.take("busy", t), 1s);
  }
  EXPECT_EQ(limit.keys(), 100u);
}

TEST(RateLimitTest, NoRateIsNoLimit) {
  rate_limit limit{{0, 1}};
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(limit.take("a", rate_limit::instant{}), 0s);
  EXPECT_EQ(limit.keys(), 0u);
}

} // namespace
