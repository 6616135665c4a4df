#include "http/answers.hpp"

#include "http/json_codec.hpp"

#include <algorithm>
#include <fstream>
#include <memory>
#include <utility>

namespace vigie {

namespace {

bool wants_french(const httplib::Request& q) {
  return q.get_header_value("Accept-Language").starts_with("fr");
}

code code_of(int status) {
  switch (status) {
  case 404:
    return code::not_found;
  case 405:
    return code::method_not_allowed;
  case 411:
    return code::length_required;
  case 413:
    return code::batch_too_large;
  case 415:
    return code::unsupported_encoding;
  case 416:
    return code::range_not_satisfiable;
  default:
    return status >= 500 ? code::internal : code::bad_request;
  }
}

/// Only letters that cannot end a header line; the rest becomes `_`.
std::string safe(std::string name) {
  for (auto& c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'
        || static_cast<unsigned char>(c) > 0x7E)
      c = '_';
  return name;
}

} // namespace

void answer_json(httplib::Response& res, int status, std::string body) {
  res.status = status;
  res.set_content(std::move(body), "application/json");
}

void answer(const httplib::Request& q, httplib::Response& res,
            const problem& why) {
  res.status = row(why.id).http_status;
  if (res.status == 429 || res.status == 503)
    res.set_header("Retry-After", "5");
  res.set_content(problem_body(why, wants_french(q), safe(q.path)),
                  "application/problem+json");
}

void answer_status(const httplib::Request& q, httplib::Response& res,
                   int status) {
  auto id = code_of(status);
  answer(q, res, {id, std::string{row(id).title_en}});
  res.status = status;
}

bool not_modified(const httplib::Request& q, httplib::Response& res,
                  const std::string& etag) {
  res.set_header("ETag", etag);
  auto known = q.get_header_value("If-None-Match");
  if (known != "*" && known.find(etag) == known.npos)
    return false;
  if (known.empty())
    return false;
  res.status = 304;
  return true;
}

void answer_file(const httplib::Request& q, httplib::Response& res,
                 const stored_file& file, bool attachment) {
  if (not_modified(q, res, '"' + file.sha256 + '"'))
    return;
  auto in = std::make_shared<std::ifstream>(file.path, std::ios::binary);
  std::error_code absent;
  auto size = std::filesystem::file_size(file.path, absent);
  if (!*in || absent) {
    answer(q, res, {code::no_such_file, "File not found"});
    return;
  }
  res.set_header("Content-Disposition",
                 std::string{attachment ? "attachment" : "inline"}
                     + "; filename=\"" + safe(file.filename) + '"');
  res.set_header("Accept-Ranges", "bytes");
  // Evidence may be hostile: nothing of it runs when a browser shows it.
  res.set_header("Content-Security-Policy", "default-src 'none'; sandbox");
  res.set_content_provider(
      size, file.content_type,
      [in](std::size_t from, std::size_t n, httplib::DataSink& sink) {
        char buffer[64 * 1024];
        in->clear();
        in->seekg(static_cast<std::streamoff>(from));
        in->read(buffer,
                 static_cast<std::streamsize>(std::min(n, sizeof buffer)));
        if (in->gcount() <= 0)
          return false;
        return sink.write(buffer, static_cast<std::size_t>(in->gcount()));
      });
}

bool admit(const httplib::Request& q, httplib::Response& res,
           const std::vector<std::string>& origins) {
  res.set_header("X-Content-Type-Options", "nosniff");
  res.set_header("Vary", "Origin");
  auto origin = q.get_header_value("Origin");
  auto known = std::find(origins.begin(), origins.end(), origin);
  if (known != origins.end()) {
    res.set_header("Access-Control-Allow-Origin", *known);
    res.set_header("Access-Control-Allow-Credentials", "true");
    res.set_header("Access-Control-Expose-Headers",
                   "Location, ETag, Link, Retry-After, Content-Disposition");
  }
  if (q.method != "OPTIONS" || origin.empty())
    return true;
  if (known == origins.end()) {
    answer(q, res, {code::bad_request, "Disallowed CORS origin"});
    return false;
  }
  res.set_header("Access-Control-Allow-Methods",
                 "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  res.set_header("Access-Control-Max-Age", "600");
  if (q.has_header("Access-Control-Request-Headers"))
    res.set_header("Access-Control-Allow-Headers",
                   safe(q.get_header_value("Access-Control-Request-Headers")));
  res.status = 200;
  return false;
}

} // namespace vigie
