#include "http/router.hpp"

#include "http/answers.hpp"

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

} // namespace

void router::note(const std::string& pattern, const std::string& methods) {
  auto& r = rows_[pattern];
  if (r.methods.empty())
    r = {std::regex{pattern}, "OPTIONS", template_of(pattern)};
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
    if (std::regex_match(path, r.path))
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
    if (!std::regex_match(q.path, r.path))
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
