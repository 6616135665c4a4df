// Request heads (http/head): what is accepted is read the same way twice, and
// no accepted head could be read as two.

#include "http/screen.hpp"
#include "target.hpp"

#include <string>

using namespace vigie;
using fuzz::hold;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n) {
  request_head h;
  if (!parse_head(fuzz::text_of(data, n), h))
    return 0;
  hold(h.target.starts_with('/'), "a target is a path");
  auto written = h.method + ' ' + h.target + " HTTP/1.1\r\n";
  for (auto& [name, value] : h.fields) {
    hold(value.find_first_of("\r\n") == value.npos
             && value.find('\0') == value.npos,
         "a value is one line");
    hold(name.find_first_of(": \t\r\n") == name.npos, "a name is a token");
    written += name + ": " + value + "\r\n";
  }
  if (h.field("Host").empty())
    return 0; // HTTP/1.0 may do without
  request_head again;
  auto read = parse_head(written + "\r\n", again);
  hold(static_cast<bool>(read), "what was accepted is accepted again");
  hold(again.fields == h.fields && again.path == h.path && again.body == h.body
           && again.length == h.length && again.encoded == h.encoded,
       "and means the same");
  body_rules rules;
  rules.upload_path = "/api/v1/ingestion/batches";
  if (auto limit = screen(h, rules))
    hold(h.length <= limit.value(), "a body is within its limit");
  return 0;
}
