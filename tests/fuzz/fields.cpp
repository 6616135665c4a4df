// Values that clients put into single headers: Last-Event-ID, Range,
// If-None-Match, Accept-Language; and file names on their way into a header.

#include "domain/names.hpp"
#include "domain/sse.hpp"
#include "http/answers.hpp"
#include "http/byte_range.hpp"
#include "http/file_answer.hpp"
#include "target.hpp"

#include <string>

using namespace vigie;
using fuzz::hold;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n) {
  auto text = fuzz::text_of(data, n);
  if (auto id = parse_event_id(text)) {
    hold(*id >= 0, "an id is not negative");
    hold(parse_event_id(std::to_string(*id)) == id, "and is read back");
  }
  for (uint64_t size : {uint64_t{0}, uint64_t{1}, uint64_t{1'000}}) {
    auto part = range_of(text, size);
    if (part.what == byte_range::kind::part)
      hold(part.bytes > 0 && part.from < size && part.bytes <= size - part.from,
           "a part lies within the file");
    if (part.what == byte_range::kind::whole)
      hold(part.from == 0 && part.bytes == size, "the whole is the whole");
  }
  names(std::string{text}, "\"a\"");
  prefers_french(text);
  auto name = clean_filename(std::string{text});
  auto header = disposition(true, name);
  for (unsigned char c : header)
    hold(c >= 0x20 && c < 0x7F, "a header is printable ASCII");
  return 0;
}
