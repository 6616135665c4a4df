#include "http/file_answer.hpp"

#include "http/answers.hpp"
#include "http/byte_range.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <memory>
#include <string_view>

namespace vigie {

namespace {

/// No image/svg+xml: that one is a program.
constexpr std::array<std::string_view, 6> shown{"image/jpeg", "image/png",
                                                "image/webp", "image/tiff",
                                                "image/bmp",  "image/gif"};

bool inline_type(const std::string& type) {
  return std::find(shown.begin(), shown.end(), type) != shown.end();
}

bool plain_in_url(char c) { // attr-char of RFC 8187
  return std::isalnum(static_cast<unsigned char>(c))
         || (c != '\0' && std::strchr("!#$&+-.^_`|~", c));
}

void send_part(httplib::Response& res, std::shared_ptr<std::ifstream> in,
               const byte_range& part, const std::string& type) {
  if (part.bytes == 0) // httplib takes no provider of nothing
    return res.set_content("", type);
  res.set_content_provider(
      part.bytes, type,
      [in, part](std::size_t at, std::size_t n, httplib::DataSink& sink) {
        char buffer[64 * 1024];
        in->clear();
        in->seekg(static_cast<std::streamoff>(part.from + at));
        in->read(buffer,
                 static_cast<std::streamsize>(std::min(n, sizeof buffer)));
        if (in->gcount() <= 0)
          return false;
        return sink.write(buffer, static_cast<std::size_t>(in->gcount()));
      });
}

/// The range asked for, or everything when it must not be honoured.
byte_range asked(const httplib::Request& q, const std::string& etag,
                 uint64_t size) {
  auto wish = q.get_header_value("Range");
  auto condition = q.get_header_value("If-Range");
  if (q.method != "GET" || (!condition.empty() && condition != etag))
    wish.clear();
  return range_of(wish, size);
}

} // namespace

std::string disposition(bool attachment, const std::string& name) {
  auto plain = safe(name);
  auto out = std::string{attachment ? "attachment" : "inline"} + "; filename=\""
             + plain + '"';
  if (plain == name)
    return out;
  out += "; filename*=UTF-8''";
  for (auto c : name) {
    static constexpr char digits[] = "0123456789ABCDEF";
    auto byte = static_cast<unsigned char>(c);
    out += plain_in_url(c)
               ? std::string{c}
               : std::string{'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

void answer_file(const httplib::Request& q, httplib::Response& res,
                 const outcome<stored_file>& found) {
  if (!found)
    return answer(q, res, found.why());
  auto& file = found.value();
  auto in = std::make_shared<std::ifstream>(file.path, std::ios::binary);
  std::error_code absent;
  auto size = std::filesystem::file_size(file.path, absent);
  if (!*in || absent)
    return answer(q, res, {code::no_such_file, "File not found"});
  auto etag = '"' + file.sha256 + '"';
  res.set_header("Accept-Ranges", "bytes");
  res.set_header("Cache-Control", "private, no-cache");
  // Evidence may be hostile: nothing of it runs when a browser shows it.
  res.set_header("Content-Security-Policy", "sandbox; default-src 'none'");
  if (not_modified(q, res, etag))
    return;
  auto part = asked(q, etag, size);
  auto total = '/' + std::to_string(size);
  if (part.what == byte_range::kind::impossible) {
    res.set_header("Content-Range", "bytes *" + total);
    return answer(q, res,
                  {code::range_not_satisfiable,
                   "The file has " + std::to_string(size) + " bytes"});
  }
  if (part.what == byte_range::kind::part) {
    res.status = 206;
    res.set_header("Content-Range",
                   "bytes " + std::to_string(part.from) + '-'
                       + std::to_string(part.from + part.bytes - 1) + total);
  }
  res.set_header("Content-Disposition",
                 disposition(!inline_type(file.content_type), file.filename));
  send_part(res, in, part, file.content_type);
}

} // namespace vigie
