#include "http/page.hpp"

#include "http/answers.hpp"
#include "http/digest.hpp"

#include <string_view>

extern const std::string_view asset_page_html, asset_app_js, asset_app_css;

namespace vigie {

namespace {

constexpr auto policy = "default-src 'self'; base-uri 'none'; "
                        "form-action 'self'; frame-ancestors 'none'";

void serve(router& r, const std::string& path, std::string_view bytes,
           const std::string& type) {
  auto etag = '"' + sha256_of_bytes(bytes) + '"';
  r.get(path, [=](const httplib::Request& q, httplib::Response& res) {
    res.set_header("Cache-Control", "no-cache");
    res.set_header("Content-Security-Policy", policy);
    if (!not_modified(q, res, etag))
      res.set_content(bytes.data(), bytes.size(), type);
  });
}

} // namespace

void add_page(router& r) {
  serve(r, "/", asset_page_html, "text/html; charset=utf-8");
  serve(r, "/app.js", asset_app_js, "text/javascript; charset=utf-8");
  serve(r, "/app.css", asset_app_css, "text/css; charset=utf-8");
}

} // namespace vigie
