#include "storage/sqlite_access.hpp"

#include "storage/pool.hpp"
#include "storage/secret.hpp"

#include <mutex>
#include <utility>

namespace vigie {

namespace {

constexpr auto token_key = 't', session_key = 's', anybody_key = '-';

constexpr auto by_token_sql =
    "SELECT name, role, own_only, expires_at FROM api_tokens WHERE hash=?1 AND "
    "revoked_at IS NULL AND coalesce(expires_at, '9999')>?2";

// A session lives no longer than its token, nor than the token's secret.
constexpr auto by_session_sql =
    "SELECT t.name, t.role, t.own_only, s.expires_at FROM api_sessions AS s "
    "JOIN api_tokens AS t ON t.hash=s.token_hash WHERE s.hash=?1 AND "
    "s.expires_at>?2 AND t.revoked_at IS NULL AND "
    "coalesce(t.expires_at, '9999')>?2";

constexpr auto any_sql = "SELECT EXISTS (SELECT 1 FROM api_tokens)";

SQLite::Statement& asked(database& db, const char* sql, const std::string& hash,
                         utc_time now) {
  auto& q = db.use(sql);
  q.bind(1, hash);
  q.bind(2, sql_time(now));
  return q;
}

bool any(database& db) {
  auto& q = db.use(any_sql);
  return q.executeStep() && q.getColumn(0).getInt() != 0;
}

bool lives(database& db, const std::string& key, utc_time now) {
  if (key.empty())
    return true;
  if (key.front() == anybody_key)
    return !any(db);
  auto* sql = key.front() == session_key ? by_session_sql : by_token_sql;
  return asked(db, sql, key.substr(1), now).executeStep();
}

class sqlite_access : public access_book {
public:
  explicit sqlite_access(const store_options& o)
      : path_(o.database.string()), pool_(path_) {
    // nop
  }

  outcome<bool> any_token() override {
    return pool_.with<bool>([](database& db) { return any(db); });
  }

  found by_token(const std::string& secret, utc_time now) override {
    return by(by_token_sql, token_key, secret, now);
  }

  found by_session(const std::string& secret, utc_time now) override {
    return by(by_session_sql, session_key, secret, now);
  }

  outcome<std::string> open_session(const visitor& who, utc_time now,
                                    utc_time until) override;
  outcome<done> end_session(const std::string& secret) override;

  outcome<std::optional<std::string>>
  owner_of(const std::string& batch) override {
    using name = std::optional<std::string>;
    return pool_.with<name>([&](database& db) -> outcome<name> {
      auto& q = db.use("SELECT owner FROM audit_batches WHERE id=?");
      q.bind(1, batch);
      return q.executeStep() ? text(q.getColumn(0)) : name{};
    });
  }

  outcome<std::vector<std::string>> ended(const std::vector<std::string>& keys,
                                          utc_time now) override {
    using list = std::vector<std::string>;
    return pool_.with<list>([&](database& db) -> outcome<list> {
      list dead;
      for (auto& key : keys)
        if (!lives(db, key, now))
          dead.push_back(key);
      return dead;
    });
  }

private:
  found by(const char* sql, char kind, const std::string& secret,
           utc_time now) {
    using who = std::optional<visitor>;
    auto hash = hash_of_secret(secret);
    return pool_.with<who>([&](database& db) -> outcome<who> {
      auto& q = asked(db, sql, hash, now);
      if (!q.executeStep())
        return who{};
      visitor x;
      x.name = q.getColumn(0).getString();
      auto role = parse_access_role(q.getColumn(1).getString());
      if (!role)
        return who{}; // of a newer version: nobody knows what it may
      x.role = *role;
      x.own_only = q.getColumn(2).getInt() != 0;
      x.session = kind == session_key;
      if (!q.getColumn(3).isNull())
        x.expires_at = instant(q.getColumn(3));
      x.key = kind + hash;
      return who{x};
    });
  }

  template <class T>
  outcome<T> write(auto work) {
    std::lock_guard guard{writing_};
    try {
      database db{path_, database::mode::write};
      db.run("BEGIN IMMEDIATE");
      T answer = work(db);
      db.commit();
      return answer;
    } catch (const std::exception& e) {
      return trouble(e);
    }
  }

  std::string path_;
  pool pool_;
  std::mutex writing_;
};

outcome<std::string> sqlite_access::open_session(const visitor& who,
                                                 utc_time now, utc_time until) {
  return write<std::string>([&](database& db) {
    auto& old = db.use("DELETE FROM api_sessions WHERE expires_at<=?");
    old.bind(1, sql_time(now));
    old.exec();
    auto token = who.key.substr(1);
    // Bounded: the oldest of a token's sessions make room.
    auto& many = db.use(
        "DELETE FROM api_sessions WHERE hash IN (SELECT hash FROM api_sessions "
        "WHERE token_hash=? ORDER BY created_at DESC LIMIT -1 OFFSET 49)");
    many.bind(1, token);
    many.exec();
    auto secret = new_secret("");
    auto& q = db.use("INSERT INTO api_sessions VALUES (?, ?, ?, ?)");
    q.bind(1, hash_of_secret(secret));
    q.bind(2, token);
    q.bind(3, sql_time(now));
    q.bind(4, sql_time(until));
    q.exec();
    return secret;
  });
}

outcome<done> sqlite_access::end_session(const std::string& secret) {
  return write<done>([&](database& db) {
    auto& q = db.use("DELETE FROM api_sessions WHERE hash=?");
    q.bind(1, hash_of_secret(secret));
    q.exec();
    return done{};
  });
}

} // namespace

std::unique_ptr<access_book> open_access(const store_options& options) {
  return std::make_unique<sqlite_access>(options);
}

} // namespace vigie
