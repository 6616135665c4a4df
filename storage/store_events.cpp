// The events that tell of a change.

#include "storage/json_columns.hpp"
#include "storage/writer.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace vigie {

namespace {

/// A random UUID (RFC 9562, version 4).
std::string uuid() {
  unsigned char b[16];
  RAND_bytes(b, sizeof b);
  b[6] = static_cast<unsigned char>((b[6] & 0x0F) | 0x40);
  b[8] = static_cast<unsigned char>((b[8] & 0x3F) | 0x80);
  std::string out;
  for (int i = 0; i < 16; ++i) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", b[i]);
    out += i == 4 || i == 6 || i == 8 || i == 10 ? std::string{"-"} + two : two;
  }
  return out;
}

} // namespace

std::vector<committed_event>
sqlite_store::tell(const change& c, const std::optional<std::string>& owner) {
  std::vector<committed_event> out;
  for (auto& e : c.events)
    out.push_back(tell_one(c.batch, e, owner));
  return out;
}

committed_event
sqlite_store::tell_one(const batch_id& id, const event_draft& e,
                       const std::optional<std::string>& owner) {
  auto progress = e.progress;
  auto& before =
      db_.use("SELECT coalesce(progress, 0) FROM audit_batches WHERE id=?");
  before.bind(1, id.text);
  if (before.executeStep() && progress)
    progress = std::max(*progress, before.getColumn(0).getInt());
  auto event_id = uuid();
  auto data = event_json(id, e, event_id, progress);
  auto& log = db_.use("INSERT INTO event_log (batch_id, data, created_at, "
                      "owner) VALUES (?, ?, ?, ?)");
  log.bind(1, id.text);
  log.bind(2, data);
  log.bind(3, sql_time(e.at));
  put(log, 4, owner);
  log.exec();
  auto seq = db_.last_row();
  if (!e.code.empty()) {
    auto& q = db_.use(
        "INSERT INTO processing_events (batch_id, code, label, kind, progress, "
        "timestamp, details, event_id, seq, technical) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    q.bind(1, id.text);
    q.bind(2, e.code);
    q.bind(3, e.label);
    q.bind(4, std::string{to_string(e.kind)});
    progress ? q.bind(5, *progress) : q.bind(5);
    q.bind(6, sql_time(e.at));
    q.bind(7, dump(to_json(e.details)));
    q.bind(8, event_id);
    q.bind(9, seq);
    q.bind(10, dump(to_json(e.technical)));
    q.exec();
  }
  if (progress) {
    auto& q = db_.use("UPDATE audit_batches SET progress=? WHERE id=?");
    q.bind(1, *progress);
    q.bind(2, id.text);
    q.exec();
  }
  return {seq, id, std::move(data), owner};
}

} // namespace vigie
