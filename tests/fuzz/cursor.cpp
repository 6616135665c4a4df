// Cursors and words of the list, into the real statements over a real database.

#include "storage/cursor.hpp"
#include "target.hpp"

#include <string>

using namespace vigie;
using fuzz::hold;

namespace {

/// 30 batches; their ids differ only in the end.
database& shelf() {
  static auto db = [] {
    auto out = std::make_unique<database>(":memory:", database::mode::write);
    out->migrate();
    for (auto i = 0; i < 30; ++i) {
      auto& q =
          out->use("INSERT INTO audit_batches (id, created_at, updated_at, "
                   "status) VALUES (?, ?, '2026-11-23 13:46:33.307169', "
                   "'completed')");
      q.bind(1, "batch-" + std::to_string(i));
      q.bind(2, "2026-11-23 13:46:" + std::to_string(10 + i / 2) + ".307169");
      q.exec();
    }
    return out;
  }();
  return *db;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n) {
  if (n == 0)
    return 0;
  list_query query;
  auto text = std::string{fuzz::text_of(data + 1, n - 1)};
  query.limit = data[0] % 8;
  if (data[0] & 0x40)
    query.search = text;
  else
    query.cursor = text;
  if (data[0] & 0x80)
    query.status = batch_status::completed;
  auto page = read_page(shelf(), query);
  if (!page) {
    hold(page.why().id == code::bad_request, "a bad cursor is the client's");
    return 0;
  }
  // Follow to the end: pages never come twice.
  std::size_t seen = page.value().items.size();
  while (page.value().next_cursor) {
    query.cursor = page.value().next_cursor;
    page = read_page(shelf(), query);
    hold(static_cast<bool>(page), "our own cursor is understood");
    seen += page.value().items.size();
    hold(seen <= 30, "no batch is listed twice");
  }
  return 0;
}
