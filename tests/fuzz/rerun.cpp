// JSON bodies of POST …/analysis.

#include "memory_server.hpp"
#include "target.hpp"

using namespace vigie;
using fuzz::hold;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n) {
  static fuzz::memory_server server;
  request_head h;
  auto text =
      "POST /api/v1/ingestion/batches/b/analysis HTTP/1.1\r\nHost: h\r\n"
      "Content-Type: application/json\r\nContent-Length: "
      + std::to_string(n) + "\r\n\r\n";
  hold(static_cast<bool>(parse_head(text, h)), "our own head is good");
  server.behind.posted.resize(1);
  server.behind.reruns.clear();
  auto answer = server.ask(h, fuzz::text_of(data, n));
  auto status = fuzz::status_of(answer);
  auto& asked = server.behind.reruns;
  hold(status == 202 || status == 400 || status == 413, "one of three answers");
  hold(asked.size() == (status == 202), "202 means begun");
  for (auto& who : asked) {
    hold(!who.empty() && who.size() <= 200, "a name has 1 to 200 bytes");
    for (unsigned char c : who)
      hold(c >= 0x20 && c != 0x7F, "and no control characters");
  }
  hold(json::accept(fuzz::body_of(answer)), "the answer is JSON");
  return 0;
}
