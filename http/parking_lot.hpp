#pragma once

#include "http/conn_stream.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace vigie {

using conn_ptr = std::unique_ptr<conn_stream>;

/// Idle connections wait here in one epoll thread, so that a silent client
/// costs no thread of the pool. Thread-safe. Owns what is parked.
class parking_lot {
public:
  /// `on_readable` gets each connection that has something to say, and each
  /// whose head is overdue (by up to half a second).
  explicit parking_lot(std::function<void(conn_ptr)> on_readable);
  ~parking_lot();

  void start();
  void stop(); ///< Closes what is parked; later ones close at once.
  void park(conn_ptr c);

private:
  struct car {
    conn_ptr connection;
    std::chrono::steady_clock::time_point since;
  };
  void loop();
  void wake();
  void sweep(std::vector<conn_ptr>& dead, std::vector<conn_ptr>& late);

  std::function<void(conn_ptr)> on_readable_;
  int epoll_, wake_;
  std::mutex mutex_;
  bool stopping_ = false;
  bool asleep_ = false; ///< Nobody is parked: the thread waits for wake().
  std::unordered_map<int, car> cars_;
  std::thread thread_;
};

} // namespace vigie
