#include "fixture.hpp"

#include "storage/sqlite_access.hpp"
#include "storage/token_register.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

using namespace vigie;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

struct AccessStoreTest : StoreTest {
  std::unique_ptr<access_book> book;
  utc_time now = utc_now();

  void SetUp() override {
    StoreTest::SetUp();
    book = open_access(options);
  }

  token_register tokens() { return token_register{options.database}; }

  std::string add(const std::string& name,
                  std::optional<std::chrono::days> valid = {}) {
    new_token wish{name, access_role::auditor, false, valid};
    auto made = tokens().add(wish, now);
    EXPECT_TRUE(made) << made.why().detail;
    return made.value().secret;
  }

  std::optional<visitor> who(const std::string& secret, utc_time at) {
    return book->by_token(secret, at).value();
  }

  std::string session_for(const std::string& secret) {
    return book->open_session(*who(secret, now), now, now + 1h).value();
  }

  outcome<change_answer> post_as(std::optional<std::string> owner,
                                 bool own_only, const std::string& id,
                                 const std::string& bytes = "hello") {
    auto b = staged(id, "n.txt", bytes);
    b.owner = std::move(owner);
    b.own_only = own_only;
    return apply({b.id, b, {draft("ingestion:received", b.created_at, {})}});
  }

  std::vector<std::string> listed(std::optional<std::string> owner) {
    list_query q;
    q.owner = std::move(owner);
    auto page = reading->list(q);
    std::vector<std::string> ids;
    for (auto& item : page.value().items)
      ids.push_back(item.id.text);
    return ids;
  }
};

TEST_F(AccessStoreTest, ATokenIsKnownByItsHashAlone) {
  EXPECT_FALSE(book->any_token().value());
  auto secret = add("claire");
  EXPECT_TRUE(book->any_token().value());
  auto found = who(secret, now);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "claire");
  EXPECT_EQ(found->role, access_role::auditor);
  EXPECT_FALSE(who(secret + "0", now));
  EXPECT_FALSE(who("", now));
  for (auto& file : fs::directory_iterator{root}) {
    std::ifstream in{file.path(), std::ios::binary};
    std::ostringstream bytes;
    bytes << in.rdbuf();
    EXPECT_EQ(bytes.str().find(secret.substr(6)), std::string::npos)
        << file.path();
  }
}

TEST_F(AccessStoreTest, ARevokedTokenIsNobodyAndSoAreItsSessions) {
  auto secret = add("claire");
  auto session = session_for(secret);
  ASSERT_TRUE(book->by_session(session, now).value());
  ASSERT_TRUE(tokens().revoke("claire", now));
  EXPECT_FALSE(who(secret, now));
  EXPECT_FALSE(book->by_session(session, now).value());
  EXPECT_TRUE(book->any_token().value()) << "the last revoked opens no door";
  EXPECT_FALSE(tokens().revoke("nobody", now));
}

TEST_F(AccessStoreTest, ATokenAndItsSessionsEndWithItsDays) {
  auto secret = add("claire", std::chrono::days{1});
  auto session = book->open_session(*who(secret, now), now, now + 100h).value();
  EXPECT_TRUE(who(secret, now + 23h));
  EXPECT_FALSE(who(secret, now + 24h));
  EXPECT_TRUE(book->by_session(session, now + 23h).value());
  EXPECT_FALSE(book->by_session(session, now + 24h).value());
}

TEST_F(AccessStoreTest, ANewTokenOfANameEndsTheOldOneAndItsSessions) {
  auto old = add("claire");
  auto session = session_for(old);
  auto fresh = add("claire");
  EXPECT_FALSE(who(old, now));
  EXPECT_FALSE(book->by_session(session, now).value());
  EXPECT_TRUE(who(fresh, now));
}

TEST_F(AccessStoreTest, ASessionEndsByItsTimeAndByItsOwner) {
  auto secret = add("claire");
  auto session = session_for(secret);
  EXPECT_TRUE(book->by_session(session, now + 59min).value()->session);
  EXPECT_FALSE(book->by_session(session, now + 60min).value());
  ASSERT_TRUE(book->end_session(session));
  EXPECT_FALSE(book->by_session(session, now).value());
}

TEST_F(AccessStoreTest, SessionsOfATokenAreBounded) {
  auto secret = add("claire");
  auto first = session_for(secret);
  now += 1s;
  std::string last;
  for (int i = 0; i < 50; ++i)
    last = session_for(secret);
  EXPECT_FALSE(book->by_session(first, now).value());
  EXPECT_TRUE(book->by_session(last, now).value());
}

TEST_F(AccessStoreTest, KeysOfTheEndedAreTold) {
  auto a = add("a"), b = add("b");
  auto session = session_for(b);
  std::vector<std::string> keys{who(a, now)->key, who(b, now)->key,
                                book->by_session(session, now).value()->key};
  EXPECT_THAT(book->ended(keys, now).value(), IsEmpty());
  ASSERT_TRUE(tokens().revoke("b", now));
  EXPECT_THAT(book->ended(keys, now).value(), ElementsAre(keys[1], keys[2]));
  EXPECT_THAT(book->ended({"", "-"}, now).value(), ElementsAre("-"))
      << "anybody may not listen once there is a token";
}

TEST_F(AccessStoreTest, AListOfOneOwnerHoldsNothingElse) {
  ASSERT_TRUE(post_as("claire", true, "mine"));
  ASSERT_TRUE(post_as("paul", false, "his"));
  ASSERT_TRUE(post_as(std::nullopt, false, "nobodys"));
  EXPECT_THAT(listed("claire"), ElementsAre("mine"));
  EXPECT_EQ(listed(std::nullopt).size(), 3u);
  EXPECT_EQ(book->owner_of("mine").value(), "claire");
  EXPECT_EQ(book->owner_of("nobodys").value(), std::nullopt);
}

TEST_F(AccessStoreTest, WhoSeesOnlyHisOwnCannotPostIntoAnothersBatch) {
  ASSERT_TRUE(post_as("paul", false, "b"));
  auto same = post_as("claire", true, "b");
  ASSERT_FALSE(same);
  auto other = post_as("claire", true, "b", "other bytes");
  EXPECT_EQ(same.why().id, code::batch_conflict);
  EXPECT_EQ(same.why().detail, other.why().detail) << "tells what is in it";
  auto again = post_as("claire", false, "b");
  ASSERT_TRUE(again);
  EXPECT_EQ(book->owner_of("b").value(), "paul") << "the sender stays";
}

TEST_F(AccessStoreTest, EventsKnowTheOwnerToTheLast) {
  auto told = post_as("claire", true, "b");
  EXPECT_EQ(told.value().events.at(0).owner, "claire");
  ASSERT_TRUE(apply({{"b"}, status_change{batch_status::cancelled, {}}, {}}));
  event_draft gone;
  gone.deleted = true;
  auto erased = apply({{"b"}, erasure{}, {gone}});
  ASSERT_TRUE(erased);
  EXPECT_EQ(erased.value().events.at(0).owner, "claire");
  auto slice = reading->events_after(0, 100);
  ASSERT_TRUE(slice);
  for (auto& e : slice.value().events)
    EXPECT_EQ(e.owner, "claire") << e.data;
}

} // namespace
