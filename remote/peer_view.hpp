#pragma once

#include "remote/peer.hpp"

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace vigie {

/// The register as a running server sees it, while `vigied cert` changes it
/// from another process. Thread-safe. Looks at the folder at most once per
/// `every` and reads only files that changed. What cannot be understood does
/// not pass; what cannot be read for the moment (no descriptors) stays as it
/// was known.
class peer_view {
public:
  using clock = std::function<utc_time()>;

  /// `pki`: the folder that holds `peers/`.
  explicit peer_view(std::filesystem::path pki, clock now = utc_now,
                     std::chrono::milliseconds every = std::chrono::seconds{1});

  /// The peer with this certificate, if it may pass now.
  outcome<peer> by_serial(const std::string& serial);
  /// The peer with this join token, if it may pass now.
  outcome<peer> by_token(const std::string& token);

private:
  struct entry {
    timespec changed{};
    ino_t inode = 0;
    off_t size = 0;
    std::optional<peer> who; ///< Nothing: the file is garbled.
  };

  void refresh();
  void read(const std::filesystem::path& path, entry& e);
  outcome<peer> find(std::string peer::*key, const std::string& value,
                     const char* what);

  std::filesystem::path dir_;
  clock now_;
  std::chrono::milliseconds every_;
  std::mutex guard_;
  std::map<std::string, entry> files_; ///< By file name.
  std::chrono::steady_clock::time_point next_look_;
};

} // namespace vigie
