#pragma once

#include "storage/hashed_copy.hpp"

#include <set>
#include <string>

namespace vigie {

/// The files of a backup folder, each once, named by the SHA-256 of its bytes:
/// `objects/ab/abcd…`. An object appears in one step, whole. Not thread-safe.
class object_pool {
public:
  explicit object_pool(std::filesystem::path dest);

  std::filesystem::path at(const std::string& sha256) const;
  bool holds(const std::string& sha256);
  uint64_t size(const std::string& sha256) const;

  /// Copies what `from` has left to read.
  outcome<hashed> take(int from);
  /// Moves a file of the same filesystem in, after reading it.
  outcome<hashed> adopt(const std::filesystem::path& file);
  /// A name for a file that is being made: nobody's, and swept if it stays.
  std::filesystem::path draft() const;

  /// On the disk, whatever happens next.
  outcome<done> sync() const;
  /// Removes drafts and every object that is not `named`.
  void sweep(const std::set<std::string>& named);

private:
  bool whole(const std::string& sha256) const;
  outcome<hashed> keep(const std::filesystem::path& draft, hashed what);

  std::filesystem::path dest_, objects_;
  std::set<std::string> held_; ///< Seen already.
};

} // namespace vigie
