// Multipart bodies into reception, in two ways of arriving: the outcome is the
// same, names are clean, limits hold.

#include "memory_server.hpp"
#include "target.hpp"

#include "domain/names.hpp"

using namespace vigie;
using fuzz::hold;

namespace {

request_head head_of(std::size_t n) {
  request_head h;
  auto text = "POST /api/v1/ingestion/batches HTTP/1.1\r\nHost: h\r\n"
              "Content-Type: multipart/form-data; boundary=b\r\n"
              "Content-Length: "
              + std::to_string(n) + "\r\n\r\n";
  hold(static_cast<bool>(parse_head(text, h)), "our own head is good");
  return h;
}

void check(const new_batch& b) {
  uint64_t sum = 0;
  hold(!b.files.empty() && b.files.size() <= 3, "one to three files");
  hold(valid_batch_id(b.id.text) && !reserved_batch_id(b.id.text),
       "the id is one");
  std::set<std::string> names;
  for (auto& f : b.files) {
    hold(f.size_bytes <= 1'000, "a file is within its limit");
    hold(!f.filename.empty() && f.filename.size() <= 255
             && f.filename.front() != '.'
             && f.filename.find_first_of("/\\\n\r") == f.filename.npos
             && f.filename.find('\0') == f.filename.npos,
         "a name is a base name");
    hold(names.insert(f.filename).second, "no name comes twice");
    sum += f.size_bytes;
  }
  hold(sum <= 1'500, "a batch is within its limit");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n) {
  static fuzz::memory_server server;
  auto body = fuzz::text_of(data, n);
  if (!body.starts_with("--b\r\n"))
    return 0; // conn_stream refuses it, see least_first
  // httplib 0.11.4 goes on behind the last boundary when a read begins with a
  // line's end there: parts that RFC 2046, 5.1.1, lets us ignore may be taken.
  constexpr std::string_view last = "\r\n--b--";
  if (auto end = body.find(last);
      end != body.npos && body.size() > end + last.size() + 2)
    return 0;
  auto h = head_of(n);
  std::vector<int> statuses;
  std::vector<std::size_t> files;
  // A slow client and a fast one. Never less than the first boundary line:
  // conn_stream sees to that, too.
  for (auto step : {std::size_t{4'096}, std::size_t{5 + n % 7}}) {
    server.behind.posted.clear();
    statuses.push_back(fuzz::status_of(server.ask(h, body, step)));
    auto& posted = server.behind.posted;
    hold(statuses.back() != 599 && statuses.back() != 500, "no exception");
    hold(posted.size() == (statuses.back() == 202), "202 means submitted");
    files.push_back(posted.empty() ? 0 : posted.back().files.size());
    if (!posted.empty())
      check(posted.back());
    hold(server.behind.uploads == 0 && server.behind.seats == 0,
         "nothing is held afterwards");
  }
  hold(statuses[0] == statuses[1] && files[0] == files[1],
       "how the bytes arrive does not matter");
  return 0;
}
