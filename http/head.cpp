#include "http/head.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace vigie {

namespace {

constexpr std::size_t longest_target = 8'000;
constexpr std::size_t most_fields = 100;
constexpr std::size_t longest_field = 8'000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_token(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z')
           || std::string_view{"!#$%&'*+-.^_`|~"}.find(c)
                  != std::string_view::npos;
  });
}

bool is_text(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) {
    auto u = static_cast<unsigned char>(c);
    return u == '\t' || (u >= 0x20 && u != 0x7F);
  });
}

std::string_view trim(std::string_view s) {
  auto from = s.find_first_not_of(" \t");
  if (from == s.npos)
    return {};
  return s.substr(from, s.find_last_not_of(" \t") - from + 1);
}

problem bad(std::string detail) {
  return {code::bad_request, std::move(detail)};
}

/// Percent-decodes; nothing when a `%` is not followed by two hex digits
/// (httplib would read `%u0041` as a letter, others would not).
std::optional<std::string> decoded(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '%') {
      out += s[i];
      continue;
    }
    unsigned char byte = 0;
    auto end = s.data() + std::min(i + 3, s.size());
    if (s.size() - i < 3
        || std::from_chars(s.data() + i + 1, end, byte, 16).ptr != end)
      return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

outcome<done> parse_first_line(std::string_view line, request_head& h) {
  auto a = line.find(' ');
  auto b = line.rfind(' ');
  if (a == line.npos || a == b)
    return bad("The request line is not METHOD TARGET VERSION");
  h.method = line.substr(0, a);
  auto target = line.substr(a + 1, b - a - 1);
  auto version = line.substr(b + 1);
  if (target.size() > longest_target)
    return problem{code::uri_too_long, "The target may have "
                                           + std::to_string(longest_target)
                                           + " bytes"};
  if (!is_token(h.method) || !target.starts_with('/')
      || target.find_first_of(" \t#") != target.npos || !is_text(target)
      || std::count(target.begin(), target.end(), '?') > 1)
    return bad("The request line has a part that cannot be read");
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return bad("Only HTTP/1.1 and HTTP/1.0 are spoken here");
  h.close = version == "HTTP/1.0";
  auto question = std::min(target.find('?'), target.size());
  auto path = decoded(target.substr(0, question));
  if (!path || !decoded(target.substr(question)))
    return bad("The target has a % without two hex digits");
  h.target = target;
  h.path = *path;
  return done{};
}

outcome<done> parse_field(std::string_view line, request_head& h) {
  auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon)))
    return bad("A header line has no clean name");
  auto value = trim(line.substr(colon + 1));
  if (!is_text(value))
    return bad("A header value has control characters");
  if (h.fields.size() == most_fields || line.size() > longest_field)
    return problem{code::head_too_large, "Too many or too long header lines"};
  h.fields.emplace_back(line.substr(0, colon), value);
  return done{};
}

std::size_t count_of(const request_head& h, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(h.fields.begin(), h.fields.end(),
                    [&](auto& f) { return same(f.first, name); }));
}

/// How long the body is, or why nobody can tell (RFC 9112, 6).
outcome<done> frame(request_head& h) {
  auto lengths = count_of(h, "Content-Length");
  auto codings = count_of(h, "Transfer-Encoding");
  if (lengths + codings > 1)
    return bad("Content-Length and Transfer-Encoding: one of them, once");
  if (codings > 0) {
    if (!same(h.field("Transfer-Encoding"), "chunked"))
      return problem{code::not_implemented,
                     "Transfer-Encoding: only chunked is spoken here"};
    if (h.close)
      return bad("HTTP/1.0 knows no Transfer-Encoding");
    h.body = framing::chunked;
  }
  if (lengths > 0) {
    auto text = h.field("Content-Length");
    auto end = text.data() + text.size();
    auto [stop, wrong] = std::from_chars(text.data(), end, h.length);
    if (text.empty() || text.size() > 18 || wrong != std::errc{} || stop != end)
      return bad("Content-Length: not a number of bytes");
    h.body = framing::sized;
  }
  return done{};
}

outcome<done> judge(request_head& h) {
  auto hosts = count_of(h, "Host");
  if (hosts > 1 || (hosts == 0 && !h.close))
    return bad("Host: exactly one");
  if (auto framed = frame(h); !framed)
    return framed;
  auto expect = h.field("Expect");
  if (!expect.empty() && !same(expect, "100-continue"))
    return bad("Expect: only 100-continue is known");
  auto coding = h.field("Content-Encoding");
  h.encoded = !coding.empty() && !same(coding, "identity");
  for (auto& [name, value] : h.fields)
    if (same(name, "Connection"))
      for (std::string_view rest = value; !rest.empty();) {
        auto comma = std::min(rest.find(','), rest.size());
        h.close = h.close || same(trim(rest.substr(0, comma)), "close");
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
  return done{};
}

} // namespace

std::string_view request_head::field(std::string_view name) const {
  auto found = std::find_if(fields.begin(), fields.end(),
                            [&](auto& f) { return same(f.first, name); });
  return found == fields.end() ? std::string_view{} : found->second;
}

outcome<done> parse_head(std::string_view raw, request_head& into) {
  std::optional<problem> first;
  auto ended = false;
  for (auto begins = true; !raw.empty(); begins = false) {
    auto end = raw.find("\r\n");
    if (end == raw.npos)
      return bad("A line does not end with CR LF");
    auto line = raw.substr(0, end);
    raw.remove_prefix(end + 2);
    ended = line.empty() && !begins;
    if (ended)
      break;
    auto read = begins ? parse_first_line(line, into) : parse_field(line, into);
    if (!read && !first)
      first = read.why();
  }
  if (first)
    return *first;
  if (!ended || !raw.empty())
    return bad("A head ends with its empty line");
  return judge(into);
}

} // namespace vigie
