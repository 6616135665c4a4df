#include "http/routes.hpp"

#include "domain/names.hpp"
#include "domain/sse.hpp"
#include "http/access.hpp"
#include "http/answers.hpp"
#include "http/batch_routes.hpp"
#include "http/digest.hpp"
#include "http/file_answer.hpp"
#include "http/front_server.hpp"
#include "http/health.hpp"
#include "http/json_codec.hpp"
#include "http/page.hpp"
#include "http/session_routes.hpp"
#include "http/upload.hpp"

#include <string>

namespace vigie {

namespace {

using httplib::Request;
using httplib::Response;

const std::string api = "/api/v1/ingestion";
const std::string id_part = "/([^/]+)";

void verify_report(const Request& q, Response& res, const http_ports& p) {
  auto report = p.files.report({q.matches[1]});
  if (!report)
    return answer(q, res, report.why());
  answer_json(
      res, 200,
      verify_body(report.value().sha256, sha256_of(report.value().path)));
}

file_id number_of(const Request& q) {
  return {parse_event_id(q.matches[2].str()).value_or(-1)};
}

void follow(const Request& q, Response& res, const http_options& o,
            const http_ports& p) {
  if (p.streams.count() >= o.max_streams)
    return answer(q, res,
                  {code::too_many_streams,
                   "The limit is " + std::to_string(o.max_streams)});
  event_streams::subscription s;
  auto last = q.has_header("Last-Event-ID")
                  ? q.get_header_value("Last-Event-ID")
                  : q.get_param_value("last_event_id");
  if (!last.empty()) {
    s.after = parse_event_id(last);
    s.bad_id = !s.after;
  }
  if (q.has_param("batch_id")) {
    s.only = batch_id{q.get_param_value("batch_id")};
    if (!valid_batch_id(s.only->text))
      return answer(q, res, {code::bad_batch_id, "batch_id: not an id"});
  }
  s.key = access_guard::now().key();
  s.owner = access_guard::now().only_of();
  res.set_header("Cache-Control", "no-cache, no-transform");
  res.set_header("X-Accel-Buffering", "no");
  res.set_header("Connection", "close");
  if (q.method == "GET") // HEAD: the same headers, and no stream
    front_server::detach_after_head([s, &p](int fd) mutable {
      s.fd = fd;
      p.streams.adopt(std::move(s));
    });
  res.set_content_provider("text/event-stream; charset=utf-8",
                           [](std::size_t, httplib::DataSink& sink) {
                             sink.done();
                             return true;
                           });
}

void add_reports_and_files(router& r, const http_ports& p) {
  auto report = api + "/reports" + id_part;
  auto file = api + "/batches" + id_part + "/files" + id_part;
  r.get(report, [&p](const Request& q, Response& res) {
    answer_file(q, res, p.files.report({q.matches[1]}));
  });
  r.get(report + "/verify",
        [&p](const Request& q, Response& res) { verify_report(q, res, p); });
  r.get(file, [&p](const Request& q, Response& res) {
    answer_file(q, res, p.files.file({q.matches[1]}, number_of(q)));
  });
  r.get(file + "/thumbnail", [&p](const Request& q, Response& res) {
    answer_file(q, res, p.files.thumbnail({q.matches[1]}, number_of(q)));
  });
}

} // namespace

void add_routes(router& r, const http_options& o, const http_ports& p) {
  r.post(api + "/batches", [&o, &p](const Request& q, Response& res,
                                    const httplib::ContentReader& body) {
    receive_batch(q, res, body, o, p);
  });
  r.get(api + "/events",
        [&o, &p](auto& q, auto& res) { follow(q, res, o, p); });
  add_page(r);
  add_session_routes(r, p, o.access);
  add_batch_routes(r, p);
  add_reports_and_files(r, p);
  add_health(r, p);
}

} // namespace vigie
