#include "http/snapshot_cache.hpp"

#include <utility>

namespace vigie {

namespace {

constexpr std::size_t entry_cost = 512; // bookkeeping of a small body

} // namespace

snapshot_cache::body snapshot_cache::find(const std::string& batch,
                                          std::string_view version) {
  std::lock_guard guard{mutex_};
  auto found = index_.find(batch);
  if (found == index_.end() || found->second->version != version)
    return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->bytes;
}

void snapshot_cache::put(const std::string& batch, std::string version,
                         body bytes) {
  std::lock_guard guard{mutex_};
  if (auto old = index_.find(batch); old != index_.end())
    drop(old->second);
  auto cost = bytes->body.size() + entry_cost;
  if (cost > most_bytes_)
    return;
  while (bytes_ + cost > most_bytes_)
    drop(std::prev(entries_.end()));
  bytes_ += cost;
  entries_.push_front({batch, std::move(version), std::move(bytes)});
  index_[batch] = entries_.begin();
}

void snapshot_cache::forget(const std::string& batch) {
  std::lock_guard guard{mutex_};
  if (auto known = index_.find(batch); known != index_.end())
    drop(known->second);
}

void snapshot_cache::drop(std::list<entry>::iterator which) {
  bytes_ -= which->bytes->body.size() + entry_cost;
  index_.erase(which->batch);
  entries_.erase(which);
}

} // namespace vigie
