#include "http/page.hpp"

#include "http/answers.hpp"

#include <algorithm>
#include <string>

namespace vigie {

namespace {

// blob: is what a vignette of a file that was not sent yet is shown from.
constexpr auto policy =
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// Swagger UI's style sheet holds its little pictures.
constexpr auto docs_policy =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// RFC 9110, 12.5.3, as far as browsers use it: names, with q=0 for "never".
bool takes(const std::string& accept, std::string_view coding) {
  auto at = accept.find(coding);
  if (at == accept.npos)
    return false;
  auto rest = accept.substr(at + coding.size());
  rest = rest.substr(0, rest.find(','));
  rest.erase(std::remove(rest.begin(), rest.end(), ' '), rest.end());
  return rest != ";q=0" && !rest.starts_with(";q=0.0");
}

void serve(const web_asset& a, const httplib::Request& q,
           httplib::Response& res) {
  res.set_header("Cache-Control", a.immutable
                                      ? "public, max-age=31536000, immutable"
                                      : "no-cache");
  res.set_header("Content-Security-Policy",
                 a.path.starts_with("/docs/") ? docs_policy : policy);
  res.set_header("Vary", "Accept-Encoding");
  auto accept = q.get_header_value("Accept-Encoding");
  auto bytes = a.bytes;
  std::string etag{a.etag};
  auto encode = [&](const char* name, std::string_view encoded) {
    bytes = encoded;
    res.set_header("Content-Encoding", name);
    etag.insert(etag.size() - 1, std::string{"-"} + name);
  };
  if (takes(accept, "br"))
    encode("br", a.brotli);
  else if (takes(accept, "gzip"))
    encode("gzip", a.gzip);
  if (not_modified(q, res, etag))
    return;
  // A provider: httplib would compress a body that it holds once more.
  res.set_content_provider(
      bytes.size(), std::string{a.type},
      [bytes](std::size_t from, std::size_t n, httplib::DataSink& sink) {
        return sink.write(bytes.data() + from, n);
      });
}

std::string pattern_of(std::string_view path) {
  std::string out;
  for (auto c : path) {
    if (c == '.')
      out += '\\';
    out += c;
  }
  return out;
}

} // namespace

void add_page(router& r) {
  for (auto& a : web_assets()) {
    auto handler = [&a](auto& q, auto& res) { serve(a, q, res); };
    r.get(pattern_of(a.path), handler);
    if (a.path == "/index.html")
      r.get("/", handler);
    if (a.path == "/docs/index.html")
      r.get("/docs", handler);
  }
}

} // namespace vigie
