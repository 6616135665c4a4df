#pragma once

#include "domain/access.hpp"
#include "domain/network.hpp"
#include "domain/rate_limit.hpp"

#include <httplib.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

struct access_rules {
  access_mode mode = access_mode::automatic;
  std::chrono::seconds session{12 * 3'600};
  rate per_token{50, 200};      ///< Requests of one name.
  rate per_address{100, 400};   ///< Requests of one client, whoever it is.
  rate failures{10.0 / 60, 10}; ///< Wrong tokens of one client.
  std::vector<network> proxies; ///< Whose X-Forwarded-* are believed.
};

/// Who sends the request in hand.
struct caller {
  ip_address from{};
  bool https = false;
  bool required = false;      ///< Nobody gets in without a token.
  bool open = false;          ///< Nobody ever has to say who he is.
  std::optional<visitor> who; ///< Absent: anybody, where that is enough.

  /// What access_book::ended() knows the caller by.
  std::string key() const { return who ? who->key : open ? "" : "-"; }
  /// The name whose batches are all that may be seen, if it is so.
  std::optional<std::string> only_of() const {
    return who && who->own_only ? std::optional{who->name} : std::nullopt;
  }
};

/// Asked before every route: limits, who it is, what he may, what he may see.
/// Thread-safe. `book` and `origins` must outlive it.
class access_guard {
public:
  access_guard(access_rules rules, access_book& book,
               const std::vector<std::string>& origins);

  /// False: the answer is written (401, 403, 404, 429, 503).
  bool admit(const httplib::Request& q, httplib::Response& res);

  /// Of the request that this thread serves.
  static const caller& now();

private:
  std::optional<problem> judge(const httplib::Request& q, caller& c);
  std::optional<problem> identify(const httplib::Request& q, caller& c);
  std::optional<problem> wrong_token(const caller& c);
  std::optional<problem> hidden(const httplib::Request& q, const caller& c);
  bool foreign(const httplib::Request& q, const caller& c) const;
  std::optional<problem> from_elsewhere(const httplib::Request& q,
                                        const caller& c, bool by_proxy) const;
  std::optional<problem> count(rate_limit& by, const std::string& key,
                               const char* whose);

  access_rules rules_;
  access_book& book_;
  const std::vector<std::string>& origins_;
  std::mutex mutex_; ///< Of the limits.
  rate_limit by_token_, by_address_, failures_;
};

/// Not GET, HEAD or OPTIONS.
bool changes_something(const std::string& method);

/// Name of the session's cookie: with https it is bound to this host.
std::string cookie_name(bool https);
/// Value of the session cookie, or empty.
std::string session_of(const httplib::Request& q, bool https);

} // namespace vigie
