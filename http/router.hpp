#pragma once

#include <httplib.h>

#include <cstddef>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace vigie {

/// Adds routes to a server and remembers them, so that a known path asked
/// with another method is a 405 that says which ones there are.
class router {
public:
  explicit router(httplib::Server& server) : server_(server) {}

  void get(const std::string& pattern, httplib::Server::Handler h); ///< + HEAD
  void post(const std::string& pattern, httplib::Server::Handler h);
  void post(const std::string& pattern,
            httplib::Server::HandlerWithContentReader h);
  void del(const std::string& pattern, httplib::Server::Handler h);

  /// True when a route, or nobody, has an answer; else it is written: 405, or
  /// what OPTIONS may know.
  bool admit(const httplib::Request& q, httplib::Response& res) const;

  /// The route's template, `/api/…/batches/{batch_id}`, or `other`.
  std::string route_of(const std::string& path) const;

  /// `METHODS PATTERN` of every route; patterns are regular expressions.
  std::vector<std::string> list() const;

private:
  struct row {
    std::regex path;
    std::string methods; ///< As in `Allow`.
    std::string shown;   ///< As a template.
    std::string head;    ///< What such a path begins with, and how many
    std::optional<std::ptrdiff_t> slashes; ///< of them it has, if that is so.
    bool is(const std::string& asked) const;
  };
  void note(const std::string& pattern, const std::string& methods);

  httplib::Server& server_;
  std::map<std::string, row> rows_; ///< By pattern.
};

} // namespace vigie
