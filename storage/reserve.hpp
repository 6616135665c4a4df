#pragma once

#include <cstdint>
#include <filesystem>

namespace vigie {

/// Room on the disk that is kept for the one change that makes room: a deletion
/// needs some itself, for SQLite's log. A file of zeros; what it holds is free
/// for the deletion once release() has removed it. Not thread-safe.
class reserve {
public:
  /// Made at once, if the disk has room for it.
  explicit reserve(std::filesystem::path file);

  /// Makes it again after a release; on a full disk it is tried next time.
  void make();
  /// False when there was none.
  bool release();

private:
  std::filesystem::path file_;
  bool held_ = false;
};

/// Enough for the rows of thousands of files: WAL pages of 4 KiB.
inline constexpr int64_t reserve_bytes = 4 << 20;

} // namespace vigie
