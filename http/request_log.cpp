#include "http/request_log.hpp"

#include "domain/names.hpp"
#include "domain/trace.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace vigie {

namespace {

constexpr std::array<std::string_view, 8> known_methods{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"};

uint64_t announced(const httplib::Response& res) {
  uint64_t n = res.body.size();
  auto text = res.get_header_value("Content-Length");
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

/// The id of the batch that the answer speaks of; a name that no batch has may
/// be anything, a file's for example.
std::string batch_of(const httplib::Request& q, const httplib::Response& res,
                     const std::string& route) {
  if (res.status >= 400)
    return {};
  auto place = route.find("{batch_id}") == route.npos
                   ? res.get_header_value("Location")
                   : q.path;
  auto at = std::min(place.find("/batches/"), place.find("/reports/"));
  if (at == place.npos)
    return {};
  auto from = at + std::string_view{"/batches/"}.size(); // as long as the other
  auto id = place.substr(from, place.find('/', from) - from);
  return valid_batch_id(id) ? id : std::string{};
}

} // namespace

void name_request(const httplib::Request& q, httplib::Response& res) {
  auto id = q.get_header_value("X-Request-Id");
  res.set_header("X-Request-Id", sane_request_id(id) ? id : random_hex(32));
  if (auto trace = parse_traceparent(q.get_header_value("traceparent")))
    res.set_header("traceparent", traceparent(*trace, random_hex(16)));
}

served_request served(const httplib::Request& q, const httplib::Response& res,
                      std::string route, seconds_f took) {
  served_request out;
  auto known = std::ranges::find(known_methods, q.method);
  out.method = known == known_methods.end() ? "OTHER" : std::string{*known};
  out.status = res.status;
  out.bytes = q.method == "HEAD" || res.status == 304 ? 0 : announced(res);
  out.took = took;
  out.id = res.get_header_value("X-Request-Id");
  out.trace = res.get_header_value("traceparent");
  out.batch = batch_of(q, res, route);
  out.route = std::move(route);
  return out;
}

} // namespace vigie
