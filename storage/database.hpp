#pragma once

#include "domain/batch.hpp"
#include "domain/outcome.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace vigie {

/// One SQLite connection with its prepared statements. Not thread-safe.
class database {
public:
  enum class mode { write, read };

  /// WAL, synchronous=FULL, foreign keys; throws SQLite::Exception.
  database(const std::string& path, mode how);

  /// The statement of this text, prepared once, reset and without bindings.
  SQLite::Statement& use(const char* sql);
  void run(const char* sql) { db_.exec(sql); }
  /// Ends the transaction. A statement that was not stepped to its end would
  /// keep its snapshot open beyond COMMIT: all are reset first.
  void commit();
  /// Resets all: whoever has only read leaves no snapshot open. A transaction
  /// that begins behind one fails for good once another connection has written.
  void rest() noexcept;
  /// Resets all at its end.
  class reading {
  public:
    explicit reading(database& db) : db_(db) {}
    ~reading() { db_.rest(); }
    reading(const reading&) = delete;

  private:
    database& db_;
  };
  std::string file() const { return db_.getFilename(); }
  int64_t last_row() const { return db_.getLastInsertRowid(); }
  int changes() const { return db_.getChanges(); }

  /// Brings the schema to the newest migration, each in one transaction.
  void migrate();

  /// A copy as one file, of the rows that an open read transaction sees.
  /// Throws when it cannot be made or SQLite finds the copy damaged.
  void copy_to(const std::string& path);

private:
  SQLite::Database db_;
  std::map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
};

/// Binds parameter `at` (1-based); an empty optional binds NULL.
void put(SQLite::Statement& s, int at, const std::optional<std::string>& x);
void put(SQLite::Statement& s, int at, const std::optional<double>& x);
void put(SQLite::Statement& s, int at, const std::optional<int64_t>& x);

std::optional<std::string> text(SQLite::Column column);
std::optional<double> real(SQLite::Column column);
std::optional<int64_t> number(SQLite::Column column);
utc_time instant(SQLite::Column column); ///< The epoch when unreadable.

/// A library failure in our words: code::disk_full or code::storage_down.
problem trouble(const std::exception& e);

} // namespace vigie
