#include "storage/cursor.hpp"

#include "domain/fold.hpp"
#include "domain/hex.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace vigie {

namespace {

/// `created_at` and id of the last row shown, in hex.
std::string written(const std::string& created, const std::string& id) {
  auto plain = created + '|' + id;
  return hex(reinterpret_cast<const unsigned char*>(plain.data()),
             plain.size());
}

std::optional<std::pair<std::string, std::string>>
understood(const std::string& cursor) {
  auto nibble = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
  };
  std::string plain;
  for (std::size_t i = 0; i + 1 < cursor.size(); i += 2) {
    auto high = nibble(cursor[i]), low = nibble(cursor[i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    plain += static_cast<char>(high * 16 + low);
  }
  auto bar = plain.find('|');
  if (cursor.size() % 2 != 0 || bar == plain.npos
      || !parse_time(plain.substr(0, bar)))
    return std::nullopt;
  return std::pair{plain.substr(0, bar), plain.substr(bar + 1)};
}

/// Fills in what other tables know of the batch.
void complete(database& db, batch_list_item& item) {
  auto& more = db.use("SELECT (SELECT count(*) FROM batch_files WHERE "
                      "batch_id=?1), (SELECT normalized_score FROM "
                      "risk_scores WHERE batch_id=?1)");
  more.bind(1, item.id.text);
  more.executeStep();
  item.file_count = more.getColumn(0).getInt64();
  item.normalized_score = real(more.getColumn(1));
}

} // namespace

const char* page_sql(const list_query& query) {
  static const auto all = [] {
    std::array<std::string, 8> texts;
    for (std::size_t i = 0; i < texts.size(); ++i)
      texts[i] = "SELECT id, status, created_at, report_hash, gemini_status, "
                 "last_error, coalesce(progress, (SELECT max(progress) FROM "
                 "processing_events WHERE batch_id=audit_batches.id), 0) FROM "
                 "audit_batches WHERE (created_at, id) < (?1, ?2)"
                 + std::string{(i & 1) != 0 ? " AND status=?4" : ""}
                 + ((i & 2) != 0
                        ? " AND (instr(folded(id), ?5) > 0 OR EXISTS (SELECT 1 "
                          "FROM batch_files AS f WHERE "
                          "f.batch_id=audit_batches.id AND "
                          "instr(folded(f.filename), ?5) > 0))"
                        : "")
                 + ((i & 4) != 0 ? " AND owner=?6" : "")
                 + " ORDER BY created_at DESC, id DESC LIMIT ?3";
    return texts;
  }();
  return all[(query.status ? 1u : 0u) + (query.search ? 2u : 0u)
             + (query.owner ? 4u : 0u)]
      .c_str();
}

namespace {

SQLite::Statement& asked(database& db, const list_query& query,
                         const std::pair<std::string, std::string>& from,
                         std::size_t limit) {
  auto& q = db.use(page_sql(query));
  q.bind(1, from.first);
  q.bind(2, from.second);
  q.bind(3, static_cast<int64_t>(limit + 1));
  if (query.status)
    q.bind(4, std::string{to_string(*query.status)});
  if (query.search)
    q.bind(5, fold(*query.search));
  if (query.owner)
    q.bind(6, *query.owner);
  return q;
}

} // namespace

outcome<batch_page> read_page(database& db, const list_query& query) {
  auto from = std::pair<std::string, std::string>{"9999-12-31", ""};
  if (query.cursor) {
    auto known = understood(*query.cursor);
    if (!known)
      return problem{code::bad_request, "cursor: not one of ours"};
    from = *known;
  }
  auto limit = std::clamp<std::size_t>(query.limit, 1, 200);
  auto& q = asked(db, query, from, limit);
  batch_page page;
  std::string last;
  while (q.executeStep()) {
    if (page.items.size() == limit) {
      page.next_cursor = written(last, page.items.back().id.text);
      break;
    }
    batch_list_item item;
    item.id = {q.getColumn(0).getString()};
    item.status = parse_batch_status(q.getColumn(1).getString())
                      .value_or(batch_status::failed);
    last = q.getColumn(2).getString();
    item.stored_at = instant(q.getColumn(2));
    item.report_hash = text(q.getColumn(3));
    item.gemini_status = text(q.getColumn(4));
    item.last_error = text(q.getColumn(5));
    item.progress = q.getColumn(6).getInt();
    page.items.push_back(std::move(item));
  }
  for (auto& item : page.items)
    complete(db, item);
  return page;
}

outcome<log_slice> read_log(database& db, int64_t seq, std::size_t limit) {
  auto& ends = db.use("SELECT coalesce(min(seq), 1), coalesce(max(seq), 0) "
                      "FROM event_log");
  ends.executeStep();
  log_slice out;
  out.complete = seq + 1 >= ends.getColumn(0).getInt64()
                 && seq <= ends.getColumn(1).getInt64();
  if (!out.complete)
    return out;
  auto& q = db.use("SELECT seq, batch_id, data, owner FROM event_log WHERE "
                   "seq>? ORDER BY seq LIMIT ?");
  q.bind(1, seq);
  q.bind(2, static_cast<int64_t>(limit));
  while (q.executeStep())
    out.events.push_back({q.getColumn(0).getInt64(),
                          {q.getColumn(1).getString()},
                          q.getColumn(2).getString(),
                          text(q.getColumn(3))});
  return out;
}

} // namespace vigie
