#include "storage/database.hpp"

#include "domain/fold.hpp"
#include "storage/files.hpp"

#include <SQLiteCpp/Backup.h>
#include <sqlite3.h>

#include <array>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

namespace vigie {

namespace {

constexpr std::array<const char*, 7> migrations{
#include "storage/migrations/001_kept_schema.sql"
    ,
#include "storage/migrations/002_additions.sql"
    ,
#include "storage/migrations/003_gemini.sql"
    ,
#include "storage/migrations/004_commands.sql"
    ,
#include "storage/migrations/005_gate_owners.sql"
    ,
#include "storage/migrations/006_retention.sql"
    ,
#include "storage/migrations/007_access.sql"
};

int flags(database::mode how) {
  return how == database::mode::write
             ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE
             : SQLite::OPEN_READONLY;
}

constexpr int busy_ms = 10'000;

/// SQL folded(text): SQLite's own LIKE knows the letters of ASCII only.
void folded(sqlite3_context* call, int, sqlite3_value** args) {
  auto* bytes = sqlite3_value_text(args[0]);
  auto n = static_cast<std::size_t>(sqlite3_value_bytes(args[0]));
  try {
    auto out = fold({reinterpret_cast<const char*>(bytes), bytes ? n : 0});
    sqlite3_result_text(call, out.data(), static_cast<int>(out.size()),
                        SQLITE_TRANSIENT);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(call);
  }
}

} // namespace

database::database(const std::string& path, mode how)
    : db_(path, flags(how), busy_ms) {
  if (how == mode::write) {
    db_.exec("PRAGMA journal_mode=WAL");
    db_.exec("PRAGMA synchronous=FULL");
  }
  // The pages that a long list walks over; SQLite's own 2 MB hold too few.
  db_.exec("PRAGMA cache_size=-8000"); // KiB
  db_.exec("PRAGMA foreign_keys=ON");
  db_.createFunction("folded", 1, true, nullptr, &folded, nullptr, nullptr,
                     nullptr);
}

SQLite::Statement& database::use(const char* sql) {
  auto& s = statements_[sql];
  if (!s)
    s = std::make_unique<SQLite::Statement>(db_, sql);
  s->reset();
  s->clearBindings();
  return *s;
}

void database::commit() {
  rest();
  db_.exec("COMMIT");
}

void database::rest() noexcept {
  for (auto& [sql, statement] : statements_)
    statement->tryReset();
}

void database::migrate() {
  db_.exec("CREATE TABLE IF NOT EXISTS schema_migrations "
           "(number INTEGER PRIMARY KEY, applied_at DATETIME NOT NULL)");
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    auto n = static_cast<int>(i + 1);
    SQLite::Statement known{db_,
                            "SELECT 1 FROM schema_migrations WHERE number=?"};
    known.bind(1, n);
    if (known.executeStep())
      continue;
    SQLite::Transaction all{db_};
    db_.exec(migrations[i]);
    SQLite::Statement done{db_, "INSERT INTO schema_migrations VALUES (?,?)"};
    done.bind(1, n);
    done.bind(2, sql_time(utc_now()));
    done.exec();
    all.commit();
  }
}

void database::copy_to(const std::string& path) {
  SQLite::Database to{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  to.exec("PRAGMA synchronous=OFF"); // whoever keeps the copy makes it durable
  if (SQLite::Backup{to, db_}.executeStep(-1) != SQLITE_DONE)
    throw SQLite::Exception{"the database is busy", SQLITE_BUSY};
  to.exec("PRAGMA journal_mode=DELETE"); // no second file beside it
  if (to.execAndGet("PRAGMA quick_check(1)").getString() != "ok")
    throw SQLite::Exception{"the database is damaged", SQLITE_CORRUPT};
}

void put(SQLite::Statement& s, int at, const std::optional<std::string>& x) {
  x ? s.bind(at, *x) : s.bind(at);
}

void put(SQLite::Statement& s, int at, const std::optional<double>& x) {
  x ? s.bind(at, *x) : s.bind(at);
}

void put(SQLite::Statement& s, int at, const std::optional<int64_t>& x) {
  x ? s.bind(at, *x) : s.bind(at);
}

std::optional<std::string> text(SQLite::Column column) {
  if (column.isNull())
    return std::nullopt;
  return column.getString();
}

std::optional<double> real(SQLite::Column column) {
  if (column.isNull())
    return std::nullopt;
  return column.getDouble();
}

std::optional<int64_t> number(SQLite::Column column) {
  if (column.isNull())
    return std::nullopt;
  return column.getInt64();
}

utc_time instant(SQLite::Column column) {
  return parse_time(column.getString()).value_or(utc_time{});
}

problem trouble(const std::exception& e) {
  auto* sql = dynamic_cast<const SQLite::Exception*>(&e);
  // The index of the WAL is a mapped file: no room for it is an I/O error.
  if (sql
      && (sql->getErrorCode() == SQLITE_FULL
          || sql->getExtendedErrorCode() == SQLITE_IOERR_SHMSIZE))
    return {code::disk_full, "The disk is full"};
  auto* file = dynamic_cast<const std::system_error*>(&e);
  if (file && is_full(file->code().value()))
    return {code::disk_full, "The disk is full"};
  return {code::storage_down, "The database cannot be used right now"};
}

} // namespace vigie
