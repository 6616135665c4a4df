#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vigie {

/// Serialized snapshots, by batch and version, so that asking again costs one
/// lookup. Holds at most `most_bytes`; what was asked longest ago goes first.
/// Thread-safe.
class snapshot_cache {
public:
  struct snapshot {
    std::string body;
    bool ended = false;
  };
  using body = std::shared_ptr<const snapshot>;

  explicit snapshot_cache(std::size_t most_bytes = 32u << 20)
      : most_bytes_(most_bytes) {}

  /// The body of that version, or null.
  body find(const std::string& batch, std::string_view version);
  /// Replaces what is held of the batch; too large a body is not kept.
  void put(const std::string& batch, std::string version, body bytes);
  /// The batch is gone.
  void forget(const std::string& batch);

private:
  struct entry {
    std::string batch;
    std::string version;
    body bytes;
  };
  void drop(std::list<entry>::iterator which);

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::mutex mutex_;
  std::list<entry> entries_; ///< Asked last first.
  std::unordered_map<std::string, std::list<entry>::iterator> index_;
};

} // namespace vigie
