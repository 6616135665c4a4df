#include "http/batch_routes.hpp"

#include "http/access.hpp"
#include "http/answers.hpp"
#include "http/command_routes.hpp"
#include "http/gemini_routes.hpp"
#include "http/json_codec.hpp"
#include "http/snapshot_cache.hpp"

#include <cctype>
#include <charconv>
#include <memory>
#include <string>

namespace vigie {

namespace {

using httplib::Request;
using httplib::Response;

constexpr std::size_t longest_search = 100;

/// Percent-encodes all but the unreserved letters of RFC 3986.
std::string in_url(const std::string& text) {
  std::string out;
  for (auto c : text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '.' || c == '_' || c == '~')
      out += c;
    else
      out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

/// `ended` is part of the tag: a 304 needs no look at the batch.
std::string tag_of(const std::string& version, bool ended) {
  auto tag = safe(version);
  for (auto& c : tag)
    if (c == ' ')
      c = '_'; // RFC 9110, 8.8.3
  return '"' + tag + (ended ? "-ended" : "-live") + '"';
}

void set_age(Response& res, bool ended) {
  res.set_header("Cache-Control", ended ? "private, max-age=5" : "no-cache");
}

outcome<snapshot_cache::body> read(const batch_id& id, batch_reader& reader) {
  auto view = reader.snapshot(id);
  if (!view)
    return view.why();
  return std::make_shared<const snapshot_cache::snapshot>(
      snapshot_cache::snapshot{snapshot_body(view.value(), false),
                               view.value().status
                                   != batch_status::processing});
}

void get_batch(const Request& q, Response& res, batch_reader& reader,
               snapshot_cache& cache) {
  auto id = batch_id{q.matches[1]};
  auto version = reader.version(id);
  if (!version)
    return answer(q, res, version.why());
  auto known = q.get_header_value("If-None-Match");
  for (auto ended : {false, true}) {
    auto tag = tag_of(version.value(), ended);
    if (known != "*" && not_modified(q, res, tag))
      return set_age(res, ended);
    res.headers.erase("ETag");
  }
  // Read after its version: never older than its tag says.
  auto held = cache.find(id.text, version.value());
  if (!held) {
    auto fresh = read(id, reader);
    if (!fresh)
      return answer(q, res, fresh.why());
    held = fresh.value();
    cache.put(id.text, version.value(), held);
  }
  set_age(res, held->ended);
  if (!not_modified(q, res, tag_of(version.value(), held->ended)))
    answer_json(res, 200, held->body);
}

void get_list(const Request& q, Response& res, batch_reader& reader) {
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
  if (auto words = q.get_param_value("q"); !words.empty()) {
    if (words.size() > longest_search)
      return answer(q, res, {code::bad_request, "q: at most 100 bytes"});
    query.search = words;
  }
  query.owner = access_guard::now().only_of();
  auto page = reader.list(query);
  if (!page)
    return answer(q, res, page.why());
  if (page.value().next_cursor) {
    auto next = "limit=" + std::to_string(query.limit)
                + "&cursor=" + in_url(*page.value().next_cursor);
    if (query.status)
      next += "&status=" + std::string{to_string(*query.status)};
    if (query.search)
      next += "&q=" + in_url(*query.search);
    res.set_header("Link",
                   "</api/v1/ingestion/batches?" + next + ">; rel=\"next\"");
  }
  answer_json(res, 200, page_body(page.value()));
}

void get_analysis(const Request& q, Response& res, batch_reader& reader) {
  auto records = reader.analyses({q.matches[1]});
  if (!records)
    return answer(q, res, records.why());
  auto wish = q.get_param_value("include_history");
  answer_json(res, 200,
              analysis_body(records.value(), wish == "true" || wish == "1"));
}

} // namespace

void add_batch_routes(router& r, const http_ports& p) {
  auto cache = std::make_shared<snapshot_cache>();
  const std::string batches = "/api/v1/ingestion/batches";
  const std::string batch = batches + "/([^/]+)";
  r.get(batches, [&p](auto& q, auto& res) { get_list(q, res, p.reader); });
  r.get(batch, [&p, cache](auto& q, auto& res) {
    get_batch(q, res, p.reader, *cache);
  });
  r.get(batch + "/analysis",
        [&p](auto& q, auto& res) { get_analysis(q, res, p.reader); });
  add_command_routes(r, p, cache);
  add_gemini_routes(r, p);
}

} // namespace vigie
