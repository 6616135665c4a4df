#pragma once

#include "domain/access.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

struct new_token {
  std::string name;
  access_role role = access_role::reader;
  bool own_only = false;
  std::optional<std::chrono::days> valid; ///< Absent: until it is revoked.
};

struct made_token {
  token_facts facts;
  std::string secret;    ///< The only copy.
  bool replaced = false; ///< An older token of that name is dead now.
};

/// The tokens of a database, for `vigied token`: beside a running server or
/// before the first one. Each call is a transaction of its own.
class token_register {
public:
  explicit token_register(std::filesystem::path database)
      : path_(std::move(database)) {}

  /// Makes the database when there is none. A name keeps what it has sent: its
  /// next token sees the same batches.
  outcome<made_token> add(const new_token& wish, utc_time now);
  /// Revoking twice changes nothing.
  outcome<token_facts> revoke(const std::string& name, utc_time now);
  outcome<std::vector<token_facts>> list(); ///< By name.

private:
  std::filesystem::path path_;
};

} // namespace vigie
