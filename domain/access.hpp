#pragma once

#include "domain/outcome.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who may come in, and what for (ADR 12).
namespace vigie {

/// What a token may do; each role may what those before it may.
enum class access_role : uint8_t {
  reader,  ///< Reads.
  auditor, ///< Sends, cancels, retries, analyses again.
  admin,   ///< Deletes.
};

std::string_view to_string(access_role r);
std::optional<access_role> parse_access_role(std::string_view text);

/// What a request takes.
enum class need : uint8_t {
  nothing, ///< The page, its files, health: anybody.
  read,
  act,
  manage,
};

/// From the method and the (decoded) path alone, so that a route that nobody
/// thought of is not open: below /api/ everything needs something.
need need_of(std::string_view method, std::string_view path);
bool may(access_role r, need n);

/// 1-64 of [A-Za-z0-9._-], beginning with a letter or a digit.
bool valid_token_name(std::string_view name);

/// A token as it is kept: never the token itself.
struct token_facts {
  std::string name;
  access_role role = access_role::reader;
  bool own_only = false; ///< Sees only the batches sent under its name.
  utc_time created_at{};
  std::optional<utc_time> expires_at, revoked_at;
};

/// `valid`, `revoked` or `expired`.
std::string_view state_of(const token_facts& t, utc_time now);

/// Who was let in, by a token or by the session it opened.
struct visitor {
  std::string name;
  access_role role = access_role::reader;
  bool own_only = false;
  bool session = false; ///< By cookie: other pages must not borrow it.
  std::optional<utc_time> expires_at;
  std::string key; ///< Names token or session in access_book::ended().
};

/// Tokens and sessions. Thread-safe. A secret that is unknown, revoked or past
/// its time is nobody. Problems: storage_down, disk_full.
class access_book {
public:
  using found = outcome<std::optional<visitor>>;

  virtual ~access_book() = default;
  /// True as soon as there ever was a token: revoking the last one opens no
  /// door.
  virtual outcome<bool> any_token() = 0;
  virtual found by_token(const std::string& secret, utc_time now) = 0;
  virtual found by_session(const std::string& secret, utc_time now) = 0;
  /// Opens a session for who came in by token; answers its secret.
  virtual outcome<std::string> open_session(const visitor& who, utc_time now,
                                            utc_time until) = 0;
  virtual outcome<done> end_session(const std::string& secret) = 0;
  /// Who sent the batch, if it is known.
  virtual outcome<std::optional<std::string>>
  owner_of(const std::string& batch) = 0;
  /// Which of these keys are worth nothing any more. `-` is anybody, as long
  /// as there is no token; the empty key is anybody for good.
  virtual outcome<std::vector<std::string>>
  ended(const std::vector<std::string>& keys, utc_time now) = 0;
};

/// Whether a token is asked for.
enum class access_mode : uint8_t {
  automatic, ///< When there is one.
  always,
  never,
};

} // namespace vigie
