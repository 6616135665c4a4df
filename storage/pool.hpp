#pragma once

#include "storage/database.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

/// Read-only connections; as many as were ever needed at once. Thread-safe.
class pool {
public:
  explicit pool(std::string path) : path_(std::move(path)) {
    // nop
  }

  /// Calls `use` with a connection inside one read transaction.
  template <class T>
  outcome<T> with(auto use) {
    try {
      auto db = take();
      db->run("BEGIN");
      auto answer = use(*db);
      db->commit();
      std::lock_guard guard{mutex_};
      idle_.push_back(std::move(db));
      return answer;
    } catch (const std::exception& e) {
      return trouble(e); // the connection goes with its transaction
    }
  }

private:
  std::unique_ptr<database> take() {
    {
      std::lock_guard guard{mutex_};
      if (!idle_.empty()) {
        auto db = std::move(idle_.back());
        idle_.pop_back();
        return db;
      }
    }
    return std::make_unique<database>(path_, database::mode::read);
  }

  std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<database>> idle_;
};

} // namespace vigie
