// bench-get-floor: the SQL of GET batch and GET list in a bare loop over what
// standard input names: a batch id a line, or the last row of a page
// ("created_at|id"). With `hop` a client on a bare socket asks for each.
// Usage: bench-get-floor DATABASE batch|list [hop]

#include "tools/bench/common.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace vigie::bench;

// As in storage/sqlite_reader.cpp and storage/rows.cpp, in their order.
constexpr const char* batch_sql[] = {
    "SELECT coalesce(version, 0), updated_at FROM audit_batches WHERE id=?1",
    "SELECT created_at, updated_at, status, report_hash, last_error, "
    "gemini_status, gemini_summary, gemini_prompt_hash, gemini_model, "
    "coalesce(progress, (SELECT max(progress) FROM processing_events WHERE "
    "batch_id=audit_batches.id), 0) FROM audit_batches WHERE id=?1",
    "SELECT id, filename, content_type, size_bytes, checksum_sha256, "
    "stored_path, status, warnings, metadata FROM batch_files "
    "WHERE batch_id=?1 ORDER BY id",
    "SELECT id, event_id, seq, code, label, kind, timestamp, progress, details "
    "FROM processing_events WHERE batch_id=?1 ORDER BY id",
    "SELECT filename, engine, content, confidence, warnings, error, created_at "
    "FROM ocr_texts WHERE batch_id=?1 ORDER BY filename, id",
    "SELECT filename, label, severity, confidence, bbox, source, class_name, "
    "extra, created_at FROM vision_observations WHERE batch_id=?1 "
    "ORDER BY filename, id",
    "SELECT total_score, normalized_score, breakdown, created_at "
    "FROM risk_scores WHERE batch_id=?1",
    "SELECT status, source, summary_text, findings, recommendations, warnings, "
    "prompt_hash, response_hash, duration_ms, created_at FROM batch_reports "
    "WHERE batch_id=?1",
    "SELECT record, requested_by, begun_at, deadline, attempts, waited_ms, "
    "resume_at, ended, waiting_since FROM gemini_runs WHERE batch_id=?1",
};
constexpr const char* newest_sql =
    "SELECT coalesce(max(seq), 0) FROM event_log";

// As in storage/cursor.cpp.
constexpr const char* page_sql =
    "SELECT id, status, created_at, report_hash, gemini_status, last_error, "
    "coalesce(progress, (SELECT max(progress) FROM processing_events WHERE "
    "batch_id=audit_batches.id), 0) FROM audit_batches WHERE (created_at, id) "
    "< (?1, ?2) ORDER BY created_at DESC, id DESC LIMIT 51";
constexpr const char* item_sql =
    "SELECT (SELECT count(*) FROM batch_files WHERE batch_id=?1), (SELECT "
    "normalized_score FROM risk_scores WHERE batch_id=?1)";

struct looker {
  SQLite::Database db;
  std::vector<std::unique_ptr<SQLite::Statement>> batch;
  SQLite::Statement newest, page, item, begin, end;

  explicit looker(const char* path)
      : db(path, SQLite::OPEN_READONLY), newest(db, newest_sql),
        page(db, page_sql), item(db, item_sql), begin(db, "BEGIN"),
        end(db, "COMMIT") {
    for (auto* sql : batch_sql)
      batch.push_back(std::make_unique<SQLite::Statement>(db, sql));
  }

  /// Steps through all of it; answers its columns' bytes.
  std::size_t drain(SQLite::Statement& q, std::vector<std::string>* ids = {}) {
    std::size_t bytes = 0;
    while (q.executeStep()) {
      for (int i = 0; i < q.getColumnCount(); ++i) {
        auto column = q.getColumn(i);
        bytes += std::strlen(column.getText());
      }
      if (ids)
        ids->push_back(q.getColumn(0).getString());
    }
    q.reset();
    return bytes;
  }

  std::size_t one_batch(const std::string& id) {
    std::size_t bytes = 0;
    for (auto& q : batch) {
      q->bind(1, id);
      bytes += drain(*q);
    }
    return bytes + drain(newest);
  }

  std::size_t one_page(const std::string& from) {
    auto bar = from.find('|');
    page.bind(1, from.substr(0, bar));
    page.bind(2, from.substr(bar + 1));
    std::vector<std::string> ids;
    auto bytes = drain(page, &ids);
    for (auto& id : ids) {
      item.bind(1, id);
      bytes += drain(item);
    }
    return bytes;
  }

  std::size_t look(bool list, const std::string& line) {
    begin.exec();
    begin.reset();
    auto bytes = list ? one_page(line) : one_batch(line);
    end.exec();
    end.reset();
    return bytes;
  }
};

/// The server's half of a hop: a line in, as many bytes out as were read.
void serve(int listener, looker& db, bool list) {
  auto fd = ::accept(listener, nullptr, nullptr);
  char line[512];
  for (ssize_t n = 0; (n = ::recv(fd, line, sizeof line, 0)) > 0;) {
    auto bytes = db.look(list, {line, static_cast<std::size_t>(n)});
    send_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(bytes)
                     + "\r\n\r\n" + std::string(bytes, 'x'));
  }
  ::close(fd);
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3)
    give_up("usage: bench-get-floor DATABASE batch|list [hop] < LIST");
  looker db{argv[1]};
  auto list = std::strcmp(argv[2], "list") == 0;
  auto hop = argc > 3;
  uint16_t port = 0;
  auto listener = listen_on(port);
  std::thread server{[&] {
    if (hop)
      serve(listener, db, list);
  }};
  auto fd = hop ? connect_to(port) : -1;
  std::vector<int64_t> took;
  std::string buffer;
  auto begun = now_ns();
  for (std::string line; std::getline(std::cin, line);) {
    auto from = now_ns();
    if (hop) {
      send_all(fd, line);
      read_answer(fd, buffer);
    } else {
      db.look(list, line);
    }
    took.push_back(now_ns() - from);
  }
  auto wall = now_ns() - begun;
  if (fd >= 0)
    ::close(fd);
  server.join();
  print_times(std::move(took), wall, 0);
}
