// bench-post-floor: the least that a durable 202 takes: write, SHA-256, fsync
// of file and directory, one SQLite FULL commit each.
// Usage: bench-post-floor FOLDER THREADS REQUESTS BYTES

#include "tools/bench/common.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace vigie::bench;

struct work {
  std::string folder;
  std::size_t requests = 0, bytes = 0;
  int directory = -1;
  SQLite::Database db;
  SQLite::Statement row;
  std::mutex writer;
  std::atomic<std::size_t> next{0};
  std::vector<int64_t> took;

  explicit work(const std::string& where)
      : folder(where),
        db(where + "/floor.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE),
        row((prepare(db), db), "INSERT INTO batch VALUES (?, ?, ?)") {
    directory = ::open(where.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  }
  static void prepare(SQLite::Database& db) {
    db.exec("PRAGMA journal_mode=WAL");
    db.exec("PRAGMA synchronous=FULL");
    db.exec("CREATE TABLE batch (id TEXT PRIMARY KEY, hash TEXT, bytes INT)");
  }
};

void write_file(const std::string& path, const std::string& bytes) {
  auto fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (fd < 0
      || ::write(fd, bytes.data(), bytes.size())
             != static_cast<ssize_t>(bytes.size())
      || ::fsync(fd) != 0)
    give_up(path);
  ::close(fd);
}

std::string sha256(const std::string& bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), out, &size, EVP_sha256(), nullptr);
  return {reinterpret_cast<char*>(out), size};
}

void one(work& w, std::size_t i, const std::string& bytes) {
  write_file(w.folder + "/" + std::to_string(i), bytes);
  auto hash = sha256(bytes);
  if (::fsync(w.directory) != 0)
    give_up("fsync of the directory");
  std::lock_guard guard{w.writer};
  w.row.reset();
  w.row.bind(1, std::to_string(i));
  w.row.bind(2, hash.data(), static_cast<int>(hash.size()));
  w.row.bind(3, static_cast<int64_t>(bytes.size()));
  w.row.exec(); // a transaction of its own
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    give_up("usage: bench-post-floor FOLDER THREADS REQUESTS BYTES");
  work w{argv[1]};
  auto threads = std::atoi(argv[2]);
  w.requests = std::strtoull(argv[3], nullptr, 10);
  w.bytes = std::strtoull(argv[4], nullptr, 10);
  w.took.resize(w.requests);
  std::vector<std::thread> all;
  auto begun = now_ns();
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&] {
      for (auto i = w.next++; i < w.requests; i = w.next++) {
        auto bytes = some_text(w.bytes, i + 1);
        auto from = now_ns();
        one(w, i, bytes);
        w.took[i] = now_ns() - from;
      }
    });
  for (auto& t : all)
    t.join();
  print_times(std::move(w.took), now_ns() - begun, 0);
}
