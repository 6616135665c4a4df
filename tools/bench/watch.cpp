#include "tools/bench/watch.hpp"

#include "tools/bench/common.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

namespace vigie::bench {

namespace {

constexpr unsigned pause_us = 100;

} // namespace

watch::watch(const std::string& database) {
  thread_ = std::thread{[this, database] { run(database); }};
  while (!ready_)
    ::usleep(pause_us);
}

watch::~watch() { stop(); }

void watch::stop() {
  over_ = true;
  if (thread_.joinable())
    thread_.join();
}

int64_t watch::seen(int64_t seq) const {
  auto at = seq - first_ - 1;
  return at >= 0 && at < static_cast<int64_t>(times_.size())
             ? times_[static_cast<std::size_t>(at)]
             : 0;
}

void watch::run(const std::string& database) {
  SQLite::Database db{database, SQLite::OPEN_READONLY};
  SQLite::Statement newest{db, "SELECT coalesce(max(seq), 0) FROM event_log"};
  auto last = [&] {
    newest.executeStep();
    auto n = newest.getColumn(0).getInt64();
    newest.reset();
    return n;
  };
  first_ = last();
  ready_ = true;
  while (!over_) {
    auto n = last();
    auto now = now_ns();
    while (first_ + static_cast<int64_t>(times_.size()) < n)
      times_.push_back(now);
    ::usleep(pause_us);
  }
}

} // namespace vigie::bench
