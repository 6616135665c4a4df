#pragma once

#include "domain/ports.hpp"
#include "remote/openssl_ptr.hpp"
#include "remote/unique_fd.hpp"

#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace vigie {

/// Evidence that came from the server, by its SHA-256, in one folder that
/// belongs to one node at a time. What was used longest ago goes when there is
/// no room; what a job reads stays, even beyond the limit. A file that was
/// here before the start is hashed again before it is believed. A file larger
/// than the whole limit drives nobody out: it is not kept, but there for one
/// job; beyond `largest` it is refused. So the folder holds at most the limit
/// and one `largest` file for each job at work.
/// Thread: FILE_CACHE's own.
class disk_cache : public file_cache {
public:
  /// A problem when the folder cannot be made, is not ours (see
  /// open_cache_folder), or another node has it.
  static outcome<std::unique_ptr<disk_cache>>
  open(const std::filesystem::path& folder, uint64_t most_bytes,
       uint64_t largest);

  std::optional<std::string> find(const std::string& sha256) override;
  outcome<done> begin(const std::string& sha256, uint64_t bytes) override;
  outcome<done> append(const std::string& sha256,
                       std::string_view bytes) override;
  outcome<std::string> seal(const std::string& sha256, bool as_it_is) override;
  void drop(const std::string& sha256) override;
  void unpin(const std::string& path) override;
  uint64_t bytes() const { return bytes_; } ///< On disk, whole files.

private:
  struct entry {
    uint64_t bytes = 0;
    int pins = 0;
    bool believed = false; ///< Hashed in this life.
    std::list<std::string>::iterator use;
  };
  struct coming {
    unique_fd file;
    digest_ptr hash;
    uint64_t expected = 0, written = 0;
  };

  disk_cache(std::filesystem::path folder, uint64_t most, uint64_t largest,
             unique_fd lock);
  void scan();
  std::string path_of(const std::string& sha256) const;
  std::string part_of(const std::string& sha256) const;
  void keep(const std::string& sha256, uint64_t size, bool believed);
  void remove(const std::string& sha256);
  void make_room(uint64_t for_bytes);

  std::filesystem::path folder_;
  uint64_t most_, largest_;
  unique_fd lock_;
  uint64_t bytes_ = 0;
  std::map<std::string, entry> files_;
  std::list<std::string> uses_; ///< Oldest first.
  std::map<std::string, coming> parts_;
  /// For one job, by path: as they came, or too large to be kept.
  std::set<std::string> once_;
  uint64_t once_count_ = 0;
};

} // namespace vigie
