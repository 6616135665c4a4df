#include "tests/remote/basp_frames.hpp"

#include <gtest/gtest.h>

using namespace vigie;

namespace {

/// A guard that both sides have greeted.
struct session {
  basp_guard guard;
  byte_buffer out;

  explicit session(guard_rules rules = {}) : guard(std::move(rules)) {
    guard.heard(server_hello());
    EXPECT_EQ(says(client_hello()), "");
    out.clear();
  }
  std::string says(const byte_buffer& bytes) {
    return guard.feed(bytes, out).value_or("");
  }
};

std::string alone(const byte_buffer& bytes) {
  basp_guard guard;
  byte_buffer out;
  return guard.feed(bytes, out).value_or("");
}

} // namespace

TEST(BaspGuard, ARecordedSessionOfCafPassesButForItsGreeting) {
  auto up = recorded("from_client");
  ASSERT_GT(up.size(), 500u);
  basp_guard guard;
  byte_buffer out;
  guard.heard(recorded("from_server"));
  EXPECT_EQ(guard.feed(up, out).value_or(""), "");
  // Two handshakes of 64 bytes, then the greeting to SpawnServ of 77, two
  // watches of 96, and the answer of the client's SpawnServ, of 139.
  up.erase(up.begin() + 397, up.begin() + 536);
  up.erase(up.begin() + 128, up.begin() + 205);
  EXPECT_EQ(out, up);
}

TEST(BaspGuard, SplitsDoNotMatter) {
  auto up = recorded("from_client");
  auto down = recorded("from_server");
  basp_guard whole;
  byte_buffer expected;
  whole.heard(down);
  ASSERT_EQ(whole.feed(up, expected), std::nullopt);
  for (std::size_t cut = 0; cut <= up.size(); ++cut) {
    basp_guard guard;
    byte_buffer out;
    for (auto b : down)
      guard.heard({&b, 1});
    auto all = bytes_view{up};
    ASSERT_EQ(guard.feed(all.first(cut), out), std::nullopt) << cut;
    ASSERT_EQ(guard.feed(all.subspan(cut), out), std::nullopt) << cut;
    ASSERT_EQ(out, expected) << cut;
  }
  basp_guard dripping;
  byte_buffer out;
  dripping.heard(down);
  for (auto b : up)
    ASSERT_EQ(dripping.feed({&b, 1}, out), std::nullopt);
  EXPECT_EQ(out, expected);
}

TEST(BaspGuard, AHandshakeWithoutPayloadNeverReachesCaf) {
  basp_guard guard;
  byte_buffer out;
  EXPECT_TRUE(guard.feed(header_of({1}), out));
  EXPECT_TRUE(out.empty());
}

TEST(BaspGuard, NothingPassesBeforeTheHandshake) {
  EXPECT_EQ(alone(header_of({6})), "speaks before its handshake");
  EXPECT_EQ(alone(header_of({2, 0, 1, 0, 1, 9})),
            "speaks before its handshake");
}

TEST(BaspGuard, AHandshakeIsAsCafSendsIt) {
  auto odd = "sends a handshake that no CAF 0.17.6 sends";
  EXPECT_EQ(alone(header_of({1, 0, 33})), odd);
  EXPECT_EQ(alone(header_of({1, 1, 32})), odd);
  EXPECT_EQ(alone(header_of({1, 2, 32})), odd);
  EXPECT_EQ(alone(header_of({1, 0, 32, 0, 1})), odd);
}

TEST(BaspGuard, TheSecondHandshakeSelectsTheSameNodeAndIsTheLast) {
  auto again = header_of({1, 2, 32}) + node_id(1);
  EXPECT_EQ(session{}.says(header_of({1, 2, 32}) + node_id(2)),
            "changes its node id");
  session s;
  EXPECT_EQ(s.says(again), "");
  EXPECT_EQ(s.says(again), "repeats its handshake");
}

TEST(BaspGuard, OnlyWhatAWorkerNeedsPasses) {
  for (uint8_t kind : {0, 3, 7, 8, 255})
    EXPECT_EQ(session{}.says(header_of({kind, 0, 1, 0, 1, 9})),
              "sends a message of kind " + std::to_string(kind)
                  + ", which a worker never needs");
  EXPECT_EQ(session{}.says(header_of({6})), "");
  EXPECT_EQ(session{}.says(message_of(100)), "");
}

TEST(BaspGuard, AMessageIsAtMostAsLongAsTheLimit) {
  session s{{1'000, {}}};
  EXPECT_EQ(s.says(message_of(1'000)), "");
  EXPECT_EQ(s.says(header_of({2, 0, 1'001, 0, 1, 9})),
            "claims a message of 1001 bytes; the limit is 1000");
  EXPECT_EQ(session{}.says(header_of({2, 0, 200'000'000, 0, 1, 9})),
            "claims a message of 200000000 bytes; the limit is 16777216");
}

TEST(BaspGuard, EmptyMessagesAndThoseToNobodyAreRefused) {
  auto odd = "sends a message without content or receiver";
  EXPECT_EQ(session{}.says(header_of({2, 0, 0, 0, 1, 9})), odd);
  EXPECT_EQ(session{}.says(header_of({2, 0, 1, 0, 1, 0})), odd);
}

TEST(BaspGuard, AMessageBeginsWithAnAtomThatIsKnown) {
  auto says = [](const byte_buffer& what) {
    return session{{16u << 20, {hey_rule()}}}.says(what);
  };
  EXPECT_EQ(says(message_of(40)), "");
  EXPECT_EQ(says(message_of(70'000)), "");
  EXPECT_EQ(says(message_of(40, hey + 1)),
            "sends a message that is no worker's: @<>+@atom+@str");
  EXPECT_EQ(says(message_of(40, hey, "@<>+@exit")),
            "sends a message that is no worker's: @<>+@exit");
  EXPECT_EQ(says(message_of(40, hey, "@<>+@down")),
            "sends a message that is no worker's: @<>+@down");
  EXPECT_EQ(says(message_of(40, hey, "@<>+@atomic")),
            "sends a message that is no worker's: @<>+@atomic");
  EXPECT_EQ(says(message_of(22)),
            "sends a message that is no worker's: @<>+@atom+@str")
      << "cut within its atom";
}

TEST(BaspGuard, AMessageHasTheTypesOfItsRuleAndNoOther) {
  auto says = [](const std::string& types) {
    return session{{16u << 20, {hey_rule()}}}.says(message_of(60, hey, types));
  };
  EXPECT_EQ(says("@<>+@atom+@str"), "");
  for (std::string odd :
       {"@<>+@atom+@message", "@<>+@atom", "@<>+@atom+@str+@str",
        "@<>+@atom+@error", "@<>+@atom+@actor"})
    EXPECT_EQ(says(odd), "sends a message that is no worker's: " + odd);
}

TEST(BaspGuard, EachKindOfMessageHasItsLimit) {
  session s{{16u << 20, {hey_rule(600)}}};
  EXPECT_EQ(s.says(message_of(600)), "");
  EXPECT_EQ(s.says(message_of(601)),
            "sends a message of 601 bytes; the limit of its kind is 600");
}

TEST(BaspGuard, AnAnswerThatNobodyAskedForIsRefused) {
  auto says = [](uint64_t id) {
    auto payload = message_head("@<>+@atom+@str");
    payload.resize(60);
    return session{}.says(header_of({2, 0, 60, id, 8, 9}) + payload);
  };
  EXPECT_EQ(says(7), "");
  EXPECT_EQ(says(0x1000'0000'0000'0007), "") << "with normal priority";
  for (uint64_t flag : {8, 4, 2, 9})
    EXPECT_EQ(says(flag << 60 | 7), "answers what nobody asked it");
}

TEST(BaspGuard, WhoClaimsToBeTheServerIsRefused) {
  basp_guard guard;
  byte_buffer out;
  EXPECT_FALSE(guard.knows_server());
  guard.heard(server_hello());
  EXPECT_TRUE(guard.knows_server());
  EXPECT_EQ(guard.feed(client_hello(9), out).value_or(""),
            "claims to be this server");
  EXPECT_TRUE(out.empty());
}

TEST(BaspGuard, SpeakersAreCountedUntilTheyEnd) {
  auto from = [](uint64_t who) {
    auto payload = message_head("@<>+@atom+@str");
    payload.resize(60);
    return header_of({2, 0, 60, 7, who, 9}) + payload;
  };
  auto reason = error_with();
  auto n = static_cast<uint32_t>(64 + reason.size());
  session s{{16u << 20, {}, 3}};
  for (uint64_t who : {1, 2, 3, 3, 2, 1, 0})
    EXPECT_EQ(s.says(from(who)), "");
  EXPECT_EQ(
      s.says(header_of({5, 0, n, 0, 2, 0}) + node_id(1) + node_id(9) + reason),
      "");
  EXPECT_EQ(s.says(from(4)), "");
  EXPECT_EQ(s.says(from(5)), "speaks with more than 3 voices");
}

TEST(BaspGuard, AMessageThatCannotBeReadIsRefusedWithoutAnyAtomsToo) {
  auto odd = "sends a message that no CAF 0.17.6 sends";
  auto begins = [](std::initializer_list<int> bytes) {
    byte_buffer payload;
    for (auto b : bytes)
      payload.push_back(static_cast<std::byte>(b));
    payload.resize(600);
    return session{}.says(header_of({2, 0, 600, 7, 8, 9}) + payload);
  };
  EXPECT_EQ(begins({1, 0, 0, 3, '@', '<', '>'}), odd) << "forwarded";
  EXPECT_EQ(begins({0, 0, 7, 3, '@', '<', '>'}), odd) << "a type by number";
  EXPECT_EQ(begins({0, 0, 0, 3, '@', '<', '?'}), odd);
  EXPECT_EQ(begins({0, 0, 0, 0xFF, 0xFF, 3}), odd) << "types without end";
  EXPECT_EQ(begins({0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}), odd);
  EXPECT_EQ(begins({0, 0, 0, 3, '@', '<', '>'}), "");
}

TEST(BaspGuard, OnlyThePublishedActorIsWrittenTo) {
  session s{{16u << 20, {hey_rule()}}};
  auto elsewhere = message_of(100, hey, "@<>+@atom+@str", 8);
  EXPECT_EQ(s.says(elsewhere), "") << "the answer of its SpawnServ";
  EXPECT_EQ(s.says(elsewhere), "");
  EXPECT_TRUE(s.out.empty()) << "is nobody's";
  EXPECT_EQ(s.says(elsewhere), "writes to an actor that it was not shown");
  EXPECT_EQ(session{}.says(message_of(257, hey, "@<>+@atom+@str", 8)),
            "writes to an actor that it was not shown");
}

TEST(BaspGuard, SplitsOfALongMessageDoNotMatter) {
  auto all = message_of(2'000) + message_of(30) + message_of(513);
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    session s{{16u << 20, {hey_rule()}}};
    auto view = bytes_view{all};
    ASSERT_EQ(s.guard.feed(view.first(cut), s.out), std::nullopt) << cut;
    ASSERT_EQ(s.guard.feed(view.subspan(cut), s.out), std::nullopt) << cut;
    ASSERT_EQ(s.out, all) << cut;
  }
}

TEST(BaspGuard, TellsWhoTheClientIsOnceItsHandshakeIsWhole) {
  basp_guard guard;
  byte_buffer out;
  auto hello = client_hello(5);
  auto view = bytes_view{hello};
  ASSERT_EQ(guard.feed(view.first(63), out), std::nullopt);
  EXPECT_TRUE(guard.client().empty());
  ASSERT_EQ(guard.feed(view.subspan(63), out), std::nullopt);
  EXPECT_TRUE(std::ranges::equal(guard.client(), node_id(5)));
}

TEST(BaspGuard, OneGreetingByNameIsSwallowedAndNoMore) {
  auto named = header_of({2, 1, 45, 0, 7, 77}) + byte_buffer(45);
  session s;
  EXPECT_EQ(s.says(named), "");
  EXPECT_TRUE(s.out.empty());
  EXPECT_EQ(s.says(named), "calls an actor by name");
  EXPECT_EQ(session{}.says(header_of({2, 1, 257, 0, 7, 77})),
            "calls an actor by name");
  EXPECT_EQ(session{}.says(header_of({2, 4, 45, 0, 7, 77})),
            "calls an actor by name");
}

TEST(BaspGuard, AWatchIsOfThisNodeAndForThisServer) {
  auto watch = [](int from, int to) {
    return session{}.says(header_of({4, 0, 64, 0, 0, 6}) + node_id(from)
                          + node_id(to));
  };
  EXPECT_EQ(watch(1, 9), "");
  EXPECT_EQ(watch(2, 9), "speaks for another node");
  EXPECT_EQ(watch(1, 2), "sends a watch for another node");
  auto odd = "sends a watch that no CAF 0.17.6 sends";
  EXPECT_EQ(session{}.says(header_of({4, 0, 0, 0, 0, 6})), odd);
  EXPECT_EQ(session{}.says(header_of({4, 0, 64, 1, 0, 6})), odd);
}

TEST(BaspGuard, AnEndIsOfItsOwnActor) {
  auto end = [](int from, uint64_t source, const std::string& types = "@<>") {
    auto reason = error_with(types);
    auto n = static_cast<uint32_t>(64 + reason.size());
    return session{}.says(header_of({5, 0, n, 0, source, 0}) + node_id(from)
                          + node_id(9) + reason);
  };
  EXPECT_EQ(end(1, 8), "");
  EXPECT_EQ(end(2, 8), "speaks for another node");
  EXPECT_EQ(end(1, 8, "@<>+@str+@str"), "");
  for (auto deep : {"@<>+@message", "@<>+@str+@error", "@<>+@strange", ""})
    EXPECT_EQ(end(1, 8, deep), "sends an end that no worker has") << deep;
  auto odd = "sends a watch that no CAF 0.17.6 sends";
  EXPECT_EQ(end(1, 0), odd);
  EXPECT_EQ(session{}.says(header_of({5, 0, 64, 0, 8, 0})), odd);
  EXPECT_EQ(session{}.says(header_of({5, 0, 70'000, 0, 8, 0})), odd);
}

TEST(BaspGuard, AHeartbeatIsEmpty) {
  auto odd = "sends a heartbeat with content";
  EXPECT_EQ(session{}.says(header_of({6, 0, 1})), odd);
  EXPECT_EQ(session{}.says(header_of({6, 1})), odd);
  EXPECT_EQ(session{}.says(header_of({6, 0, 0, 0, 1})), odd);
}
