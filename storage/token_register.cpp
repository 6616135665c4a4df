#include "storage/token_register.hpp"

#include "storage/database.hpp"
#include "storage/secret.hpp"

#include <utility>

namespace vigie {

namespace {

std::optional<std::string> kept(const std::optional<utc_time>& t) {
  return t ? std::optional{sql_time(*t)} : std::nullopt;
}

std::optional<utc_time> moment(SQLite::Column column) {
  return column.isNull() ? std::nullopt : std::optional{instant(column)};
}

token_facts facts_of(SQLite::Statement& q) {
  token_facts t;
  t.name = q.getColumn(0).getString();
  t.role = parse_access_role(q.getColumn(1).getString())
               .value_or(access_role::reader);
  t.own_only = q.getColumn(2).getInt() != 0;
  t.created_at = instant(q.getColumn(3));
  t.expires_at = moment(q.getColumn(4));
  t.revoked_at = moment(q.getColumn(5));
  return t;
}

constexpr auto one_token =
    "SELECT name, role, own_only, created_at, expires_at, revoked_at FROM "
    "api_tokens WHERE name=?";

std::optional<token_facts> find(database& db, const std::string& name) {
  auto& q = db.use(one_token);
  q.bind(1, name);
  if (!q.executeStep())
    return std::nullopt;
  return facts_of(q);
}

/// One transaction in a connection of its own: the server may be writing too,
/// and each waits for the other.
template <class T>
outcome<T> in_transaction(const std::filesystem::path& path, auto work) {
  try {
    database db{path.string(), database::mode::write};
    db.migrate();
    db.run("BEGIN IMMEDIATE");
    outcome<T> answer = work(db);
    db.commit();
    return answer;
  } catch (const std::exception& e) {
    return problem{trouble(e).id, "storage.database: cannot be written: "
                                      + path.string() + ": " + e.what()};
  }
}

} // namespace

outcome<made_token> token_register::add(const new_token& wish, utc_time now) {
  return in_transaction<made_token>(path_, [&](database& db) {
    auto old = find(db, wish.name);
    made_token made;
    made.replaced = old && state_of(*old, now) == "valid";
    made.secret = new_secret("vigie_");
    made.facts = {wish.name, wish.role, wish.own_only, now, {}, {}};
    if (wish.valid)
      made.facts.expires_at = now + *wish.valid;
    auto& q =
        db.use("INSERT OR REPLACE INTO api_tokens (name, hash, role, own_only, "
               "created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)");
    q.bind(1, wish.name);
    q.bind(2, hash_of_secret(made.secret));
    q.bind(3, std::string{to_string(wish.role)});
    q.bind(4, wish.own_only ? 1 : 0);
    q.bind(5, sql_time(now));
    put(q, 6, kept(made.facts.expires_at));
    q.exec();
    return made;
  });
}

outcome<token_facts> token_register::revoke(const std::string& name,
                                            utc_time now) {
  auto unknown = problem{code::bad_request, name + ": no token of that name"};
  if (!std::filesystem::exists(path_))
    return unknown;
  return in_transaction<token_facts>(
      path_, [&](database& db) -> outcome<token_facts> {
        auto& q = db.use("UPDATE api_tokens SET revoked_at=? WHERE name=? AND "
                         "revoked_at IS NULL");
        q.bind(1, sql_time(now));
        q.bind(2, name);
        q.exec();
        auto found = find(db, name);
        return found ? outcome<token_facts>{*found} : unknown;
      });
}

outcome<std::vector<token_facts>> token_register::list() {
  using tokens = std::vector<token_facts>;
  if (!std::filesystem::exists(path_))
    return tokens{};
  return in_transaction<tokens>(path_, [](database& db) -> outcome<tokens> {
    tokens all;
    auto& q = db.use("SELECT name, role, own_only, created_at, expires_at, "
                     "revoked_at FROM api_tokens ORDER BY name");
    while (q.executeStep())
      all.push_back(facts_of(q));
    return all;
  });
}

} // namespace vigie
