// Whole requests through the real routes: whatever comes, the answer is one of
// ours, and nothing half-stored remains.

#include "memory_server.hpp"
#include "target.hpp"

using namespace vigie;
using fuzz::hold;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n) {
  static fuzz::memory_server server;
  auto all = fuzz::text_of(data, n);
  auto end = all.find("\r\n\r\n");
  if (end == all.npos)
    return 0;
  request_head h;
  body_rules rules;
  rules.upload_path = "/api/v1/ingestion/batches";
  if (!parse_head(all.substr(0, end + 4), h) || !screen(h, rules))
    return 0;
  // A chunked body that ends is chunk_decoder's business (target `chunked`).
  if (h.body == framing::chunked)
    return 0;
  auto body = all.substr(end + 4);
  server.behind.posted.clear();
  auto answer = server.ask(h, body.substr(0, h.length));
  auto status = fuzz::status_of(answer);
  hold(status >= 200 && status < 600, "a status line is sent");
  hold(status != 599, "no exception leaves a handler");
  hold(server.behind.uploads == 0 || status == 202, "nothing is half-stored");
  if (status < 400 || h.method == "HEAD" || fuzz::body_of(answer).empty())
    return 0;
  auto said = json::parse(fuzz::body_of(answer), nullptr, false);
  hold(said.is_object() && said.at("detail").is_string()
           && !said.at("detail").get<std::string>().empty(),
       "a refusal is a problem with its detail");
  hold(said.at("status") == status, "and has its status");
  return 0;
}
