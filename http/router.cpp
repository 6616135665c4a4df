#include "http/router.hpp"

#include "http/answers.hpp"

#include <utility>

namespace vigie {

void router::note(const std::string& pattern, const std::string& methods) {
  auto& r = rows_[pattern];
  if (r.methods.empty())
    r = {std::regex{pattern}, "OPTIONS"};
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
