#include "http/routes.hpp"

#include "domain/names.hpp"
#include "domain/sse.hpp"
#include "http/answers.hpp"
#include "http/digest.hpp"
#include "http/json_codec.hpp"
#include "http/upload.hpp"

#include <charconv>
#include <string>

namespace vigie {

namespace {

using httplib::Request;
using httplib::Response;

#define VIGIE_API "/api/v1/ingestion"
constexpr const char* id_part = R"(/([^/]+))";

void get_batch(const Request& q, Response& res, const http_ports& p) {
  auto id = batch_id{q.matches[1]};
  auto version = p.reader.version(id);
  if (!version)
    return answer(q, res, version.why());
  res.set_header("Cache-Control", "no-cache");
  if (not_modified(q, res, '"' + version.value() + '"'))
    return;
  auto view = p.reader.snapshot(id);
  if (!view)
    return answer(q, res, view.why());
  if (view.value().status != batch_status::processing) {
    res.headers.erase("Cache-Control");
    res.set_header("Cache-Control", "private, max-age=5");
  }
  answer_json(res, 200, snapshot_body(view.value(), false));
}

void get_list(const Request& q, Response& res, const http_ports& p) {
  list_query query;
  if (q.has_param("limit")) {
    auto text = q.get_param_value("limit");
    auto end = text.data() + text.size();
    auto [stop, bad] = std::from_chars(text.data(), end, query.limit);
    if (bad != std::errc{} || stop != end || query.limit < 1
        || query.limit > 200)
      return answer(q, res, {code::bad_request, "limit: 1 to 200"});
  }
  if (q.has_param("cursor"))
    query.cursor = q.get_param_value("cursor");
  if (q.has_param("status")) {
    query.status = parse_batch_status(q.get_param_value("status"));
    if (!query.status)
      return answer(q, res,
                    {code::bad_request,
                     "status: processing, completed, failed or "
                     "cancelled"});
  }
  auto page = p.reader.list(query);
  if (!page)
    return answer(q, res, page.why());
  if (page.value().next_cursor) {
    auto next = "limit=" + std::to_string(query.limit)
                + "&cursor=" + *page.value().next_cursor;
    if (query.status)
      next += "&status=" + std::string{to_string(*query.status)};
    res.set_header("Link",
                   "<" VIGIE_API "/batches?" + next + ">; rel=\"next\"");
  }
  answer_json(res, 200, page_body(page.value()));
}

void get_analysis(const Request& q, Response& res, const http_ports& p) {
  auto records = p.reader.analyses({q.matches[1]});
  if (!records)
    return answer(q, res, records.why());
  auto wish = q.get_param_value("include_history");
  answer_json(res, 200,
              analysis_body(records.value(), wish == "true" || wish == "1"));
}

void verify_report(const Request& q, Response& res, const http_ports& p) {
  auto report = p.files.report({q.matches[1]});
  if (!report)
    return answer(q, res, report.why());
  answer_json(
      res, 200,
      verify_body(report.value().sha256, sha256_of(report.value().path)));
}

void get_stored(const Request& q, Response& res,
                const outcome<stored_file>& file, bool attachment) {
  if (!file)
    return answer(q, res, file.why());
  answer_file(q, res, file.value(), attachment);
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
  res.set_header("Cache-Control", "no-cache, no-transform");
  res.set_header("X-Accel-Buffering", "no");
  res.set_header("Connection", "close");
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

void ready(const Request& q, Response& res, const http_ports& p) {
  auto state = p.service.ready();
  if (!state)
    return answer(q, res, state.why());
  answer_json(res, 200, R"({"status":"ready"})");
}

void add_reports_and_files(front_server& s, const http_ports& p) {
  auto batches = std::string{VIGIE_API "/batches"} + id_part;
  auto reports = std::string{VIGIE_API "/reports"} + id_part;
  s.Get(reports, [&p](const Request& q, Response& res) {
    get_stored(q, res, p.files.report({q.matches[1]}), true);
  });
  s.Get(reports + "/verify",
        [&p](const Request& q, Response& res) { verify_report(q, res, p); });
  s.Get(batches + "/files" + id_part, [&p](const Request& q, Response& res) {
    get_stored(q, res, p.files.file({q.matches[1]}, number_of(q)), true);
  });
  s.Get(batches + "/files" + id_part + "/thumbnail", [&p](const Request& q,
                                                          Response& res) {
    get_stored(q, res, p.files.thumbnail({q.matches[1]}, number_of(q)), false);
  });
}

} // namespace

void add_routes(front_server& s, const http_options& o, const http_ports& p) {
  auto batches = std::string{VIGIE_API "/batches"};
  s.Post(batches, [&o, &p](const Request& q, Response& res,
                           const httplib::ContentReader& body) {
    receive_batch(q, res, body, o, p);
  });
  s.Get(batches, [&p](auto& q, auto& res) { get_list(q, res, p); });
  s.Get(batches + id_part, [&p](auto& q, auto& res) { get_batch(q, res, p); });
  s.Get(batches + id_part + "/analysis",
        [&p](auto& q, auto& res) { get_analysis(q, res, p); });
  s.Post(batches + id_part + "/analysis", [&p](auto& q, auto& res) {
    auto known = p.reader.version({q.matches[1]});
    answer(q, res,
           known ? problem{code::analysis_disabled, "Gemini analysis disabled."}
                 : known.why());
  });
  s.Get(VIGIE_API "/events",
        [&o, &p](auto& q, auto& res) { follow(q, res, o, p); });
  add_reports_and_files(s, p);
  auto fine = [](const Request&, Response& res) {
    answer_json(res, 200, R"({"status":"ok"})");
  };
  s.Get("/api/v1/health", fine);
  s.Get("/livez", fine);
  s.Get("/readyz", [&p](auto& q, auto& res) { ready(q, res, p); });
}

} // namespace vigie
