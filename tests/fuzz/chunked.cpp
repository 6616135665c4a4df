// Chunked bodies: chunk_decoder reads them the same however they arrive, to an
// end that httplib's own reader agrees with, and to the same data.

#include "http/chunk_decoder.hpp"
#include "memory_server.hpp"
#include "target.hpp"

using namespace vigie;
using fuzz::hold;

namespace {

using verdict = chunk_decoder::verdict;
constexpr uint64_t limit = 600;

struct reader : httplib::Server {
  std::string got;
  bool whole = false;
  reader() {
    Post("/", [this](const httplib::Request&, httplib::Response&,
                     const httplib::ContentReader& body) {
      whole = body([this](const char* data, std::size_t n) {
        got.append(data, n);
        return true;
      });
    });
  }
  std::size_t read(std::string_view body) {
    fuzz::memory_stream s;
    s.in = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    auto head = s.in.size();
    s.in += body;
    auto closed = false;
    got.clear();
    whole = false;
    process_request(s, true, closed, [](httplib::Request&) {});
    return s.at - head;
  }
};

struct reading {
  verdict said = verdict::more;
  std::size_t used = 0;
  std::string data;
  bool operator==(const reading&) const = default;
};

reading in_steps(std::string_view all, std::size_t step, std::size_t room) {
  chunk_decoder chunks{limit};
  reading r;
  std::string to(room, '\0');
  while (r.used < all.size() && r.said == verdict::more) {
    std::size_t used = 0, made = 0;
    r.said = chunks.decode(all.substr(r.used, step), to, used, made);
    r.used += used;
    r.data.append(to, 0, made);
    hold(used > 0 || made == room, "it goes on");
  }
  return r;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n) {
  static reader httplib_side;
  auto all = fuzz::text_of(data, n);
  auto r = in_steps(all, SIZE_MAX, 4'096);
  hold(in_steps(all, 1, 4'096) == r && in_steps(all, 7, 2) == r,
       "how the bytes arrive does not matter");
  hold(r.data.size() <= limit, "within the limit");
  if (r.said != verdict::complete)
    return 0;
  hold(httplib_side.read(all.substr(0, r.used)) == r.used,
       "httplib reads the body to its end");
  hold(httplib_side.whole, "and takes it for whole");
  hold(httplib_side.got == r.data, "and for the same");
  return 0;
}
