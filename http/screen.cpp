#include "http/screen.hpp"

namespace vigie {

namespace {

bool may_carry_body(const std::string& method) {
  return method == "POST" || method == "PUT" || method == "PATCH"
         || method == "DELETE";
}

bool known(const std::string& method) {
  return may_carry_body(method) || method == "GET" || method == "HEAD"
         || method == "OPTIONS";
}

} // namespace

outcome<uint64_t> screen(const request_head& h, const body_rules& rules) {
  if (!known(h.method))
    return problem{code::not_implemented, "The method is not known here"};
  if (!may_carry_body(h.method) && h.has_body())
    return problem{code::bad_request, h.method + " takes no body"};
  if (h.encoded)
    return problem{code::unsupported_encoding,
                   "Content-Encoding: send the bytes as they are"};
  auto upload = h.method == "POST" && h.path == rules.upload_path;
  if (upload && h.body == framing::none)
    return problem{code::length_required, "Content-Length is required"};
  auto limit = upload ? rules.upload_limit : rules.other_limit;
  if (h.length > limit)
    return problem{upload ? code::batch_too_large : code::body_too_large,
                   "The body may have " + std::to_string(limit) + " bytes"};
  return limit;
}

} // namespace vigie
