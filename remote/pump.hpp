#pragma once

#include "domain/pacer.hpp"
#include "remote/basp_guard.hpp"
#include "remote/door_book.hpp"
#include "remote/peer_roll.hpp"
#include "remote/tls.hpp"
#include "remote/unique_fd.hpp"

#include <poll.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

namespace vigie {

/// Why a pump stopped. `why` empty: one side simply closed.
struct pump_end {
  std::optional<refusal> why;
  std::string detail;
};

/// Carries bytes between a peer (TLS) and CAF's broker (a Unix socket), both
/// non-blocking, until either closes. At most about 128 KiB wait each way:
/// who does not read stops who writes, and is not heard meanwhile. `run`
/// belongs to one thread; `cut` is thread-safe.
class pump {
public:
  struct parts {
    unique_fd client;
    tls_session tls; ///< Of `client`; goes before it.
    unique_fd core;
    guard_rules rules;
    pace_rules pace;                           ///< Messages.
    pace_rules bytes{8e6, 32e6};               ///< What they are long.
    std::chrono::milliseconds stall{30'000};   ///< Longest without progress.
    std::chrono::milliseconds greet_in{5'000}; ///< From here to its handshake.
  };

  /// `roll`: where the peer's node id is entered while it is connected.
  pump(parts p, std::string serial, door_book& book, peer_roll& roll);
  ~pump();

  pump_end run();
  /// Ends `run` soon; `detail` says why.
  void cut(std::optional<refusal> why, std::string detail);

private:
  using clock = std::chrono::steady_clock;

  /// Bytes on their way in one direction.
  struct lane {
    byte_buffer bytes;
    std::size_t from = 0;
    clock::time_point moved; ///< When something left it.
    bool ended = false;      ///< Its source has closed.

    std::size_t pending() const { return bytes.size() - from; }
    bool room() const { return pending() < (64u << 10); }
    void sent(std::size_t n);
  };

  bool may_read();
  bool greeted();
  void leave_roll();
  bool read_client();
  bool write_client();
  bool read_core();
  bool write_core();
  bool tls_wants(int result, short& direction);
  void stop(std::optional<refusal> why, std::string detail);
  void wait();
  bool finished() const;
  void check_stall();

  parts p_;
  std::string serial_;
  door_book& book_;
  peer_roll& roll_;
  basp_guard guard_;
  pacer pace_, bytes_pace_;
  clock::time_point since_ = clock::now();
  bool entered_ = false;          ///< In the roll.
  std::atomic<uint64_t> sent_{0}; ///< Bytes, to the client.
  std::chrono::milliseconds rest_{0};
  lane in_, out_; ///< To CAF, to the client.
  short read_wants_ = POLLIN, write_wants_ = 0;
  std::optional<pump_end> end_;
  unique_fd wake_;
  std::atomic<bool> cut_{false};
  std::mutex cut_guard_;
  pump_end cut_why_;
};

} // namespace vigie
