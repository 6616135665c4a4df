#include "http/router.hpp"

#include "http/answers.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace vigie {

namespace {

/// The first thing in a path is a batch, the second one a file in it.
std::string template_of(std::string pattern) {
  constexpr std::string_view any = "([^/]+)";
  for (auto* name : {"{batch_id}", "{file_id}"})
    if (auto at = pattern.find(any); at != pattern.npos)
      pattern.replace(at, any.size(), name);
  std::erase(pattern, '\\');
  return pattern;
}

/// Of a pattern whose wildcards are single segments; else nothing.
std::optional<std::ptrdiff_t> slashes_of(std::string pattern) {
  constexpr std::string_view segment = "[^/]+";
  for (auto at = pattern.find(segment); at != pattern.npos;
       at = pattern.find(segment))
    pattern.erase(at, segment.size());
  if (pattern.find_first_of("*+?[{|") != pattern.npos)
    return std::nullopt;
  return std::count(pattern.begin(), pattern.end(), '/');
}

} // namespace

bool router::row::is(const std::string& asked) const {
  if (!asked.starts_with(head)
      || (slashes && std::count(asked.begin(), asked.end(), '/') != *slashes))
    return false;
  return std::regex_match(asked, path);
}

void router::note(const std::string& pattern, const std::string& methods) {
  auto& r = rows_[pattern];
  if (r.methods.empty())
    r = {std::regex{pattern}, "OPTIONS", template_of(pattern),
         pattern.substr(0, pattern.find_first_of("\\()[]{}.*+?^$|")),
         slashes_of(pattern)};
  r.methods += ", " + methods;
}

void router::get(const std::string& pattern, httplib::Server::Handler h) {
  note(pattern, "GET, HEAD");
  server_.Get(pattern, std::move(h));
}

void router::post(const std::string& pattern, httplib::Server::Handler h) {
  note(pattern, "POST");
  server_.Post(pattern, std::move(h));
}

void router::post(const std::string& pattern,
                  httplib::Server::HandlerWithContentReader h) {
  note(pattern, "POST");
  server_.Post(pattern, std::move(h));
}

void router::del(const std::string& pattern, httplib::Server::Handler h) {
  note(pattern, "DELETE");
  server_.Delete(pattern, std::move(h));
}

std::string router::route_of(const std::string& path) const {
  for (auto& [pattern, r] : rows_)
    if (r.is(path))
      return r.shown.starts_with("/assets/") ? "/assets" : r.shown;
  return "other";
}

std::vector<std::string> router::list() const {
  std::vector<std::string> out;
  for (auto& [pattern, r] : rows_)
    out.push_back(r.methods + ' ' + pattern);
  return out;
}

bool router::admit(const httplib::Request& q, httplib::Response& res) const {
  for (auto& [pattern, r] : rows_) {
    if (!r.is(q.path))
      continue;
    auto listed = (", " + r.methods + ',').find(", " + q.method + ',');
    if (listed != std::string::npos && q.method != "OPTIONS")
      return true;
    res.set_header("Allow", r.methods);
    if (q.method == "OPTIONS")
      res.status = 204;
    else
      answer(q, res, {code::method_not_allowed, "Allowed: " + r.methods});
    return false;
  }
  return true;
}

} // namespace vigie
